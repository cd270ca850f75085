using Decant.IR;

namespace Decant.Ops;

/// <summary>A node whose output facts are being inferred.</summary>
/// <param name="node">The node.</param>
/// <param name="known">What is known of its inputs by index; null for the facts that the graph holds.</param>
public sealed class InferenceContext(Node node, Func<int, Fact>? known = null)
{
    private readonly List<Fact> _outputs = [];

    /// <summary>The node.</summary>
    public Node Node { get; } = node;

    /// <summary>Its attributes.</summary>
    public NodeAttributes Attributes => new(Node);

    /// <summary>The number of data inputs.</summary>
    public int InputCount => Node.Inputs.Count;

    /// <summary>The facts that were set.</summary>
    public IReadOnlyList<Fact> Outputs => _outputs;

    /// <summary>What is known of an input.</summary>
    /// <exception cref="ModelException">The node has no such input.</exception>
    public Fact Input(int index) => index < Node.Inputs.Count ? known?.Invoke(index) ?? Node.Inputs[index].Node.Fact(Node.Inputs[index].Port)
        : throw Fail($"has {Node.Inputs.Count} inputs, expected input {index}");

    /// <summary>The shape of an input, as far as it is known.</summary>
    public Shape Shape(int index) => Input(index).Shape;

    /// <summary>The value of an input if it is constant.</summary>
    public Tensor? Constant(int index) => Input(index).Constant;

    /// <summary>The elements of a constant int32 or int64 input; null when it is not constant.</summary>
    public long[]? ConstantInts(int index) => Constant(index) is { } tensor ? TensorInts.Read(tensor, Node) : null;

    /// <summary>Sets what is known of an output.</summary>
    public void Set(int port, Fact fact)
    {
        while (_outputs.Count <= port)
            _outputs.Add(Fact.None);
        _outputs[port] = fact;
    }

    /// <summary>Sets the type and shape of an output.</summary>
    public void Set(int port, DType dtype, Shape shape) => Set(port, new Fact(dtype, shape));

    /// <summary>A fault of this node.</summary>
    public ModelException Fail(string message, string? hint = null) => OpErrors.BadInput.At(Node.At(), message, hint);
}
