namespace Decant.Runtime;

/// <summary>An output that is an input, or an input in another shape, so that the kernel need not run.</summary>
/// <param name="Slot">The slot of the input.</param>
/// <param name="From">The shape of the input; of unknown rank when the output is the input, whatever its shape.</param>
/// <param name="To">The shape of the output.</param>
internal sealed record PlannedView(int Slot, Shape From, Shape To)
{
    /// <summary>Whether an input is as it was planned.</summary>
    public bool Fits(Tensor input) => !From.HasRank || input.Shape == From;
}

/// <summary>
/// The last views that a step gave of its input, so that the same ones need not be made again: the arguments of a function lie now in
/// one frame's memory, now in another's.
/// </summary>
internal sealed class ViewCache
{
    private const int Kept = 4;

    private readonly (Tensor? From, Tensor To)[] _views = new (Tensor?, Tensor)[Kept];
    private int _next;

    /// <summary>A tensor in a shape; of unknown rank for the tensor itself.</summary>
    public Tensor Of(Tensor tensor, Shape shape)
    {
        if (!shape.HasRank || shape == tensor.Shape)
            return tensor;
        foreach ((Tensor? from, Tensor to) in _views)
        {
            if (ReferenceEquals(from, tensor) && to.Shape == shape)
                return to;
        }

        Tensor view = tensor.Reshaped(shape);
        _views[_next] = (tensor, view);
        _next = (_next + 1) % Kept;
        return view;
    }
}
