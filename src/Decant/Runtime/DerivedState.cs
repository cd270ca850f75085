namespace Decant.Runtime;

/// <summary>
/// What a step's kernel derived for the last inputs, the latest first: the levels of a pyramid of images have as many shapes, which come again
/// in every run.
/// </summary>
internal sealed class DerivedStates
{
    private const int Most = 16;

    /// <summary>A state that compares more is kept alone.</summary>
    private const long LargeBytes = 4096;

    private readonly List<DerivedState> _states = [];

    public DerivedState? Find<TKernel>(StepContext context, TKernel kernel, uint values)
    {
        for (int i = 0; i < _states.Count; i++)
        {
            DerivedState state = _states[i];
            if (!state.IsOf(kernel) || !state.IsFor(context, values))
                continue;
            if (i > 0)
            {
                _states.RemoveAt(i);
                _states.Insert(0, state);
            }

            return state;
        }

        return null;
    }

    public void Add(DerivedState state)
    {
        if (state.Bytes > LargeBytes)
            _states.Clear();
        else if (_states.Count == Most)
            _states.RemoveAt(Most - 1);
        _states.Insert(0, state);
    }
}

/// <summary>What a kernel derived from the shapes, and the elements of some, of its inputs, and for which.</summary>
internal sealed class DerivedState
{
    private readonly Shape[] _shapes;
    private readonly byte[]?[] _elements;

    private readonly object? _kernel;

    private DerivedState(object? kernel, Shape[] shapes, byte[]?[] elements, object value) => (_kernel, _shapes, _elements, Value) = (kernel, shapes, elements, value);

    public object Value { get; }

    public static DerivedState Of(StepContext context, object? kernel, uint values, object value)
    {
        var shapes = new Shape[context.InputCount];
        byte[]?[] elements = new byte[]?[values == 0 ? 0 : shapes.Length];
        for (int i = 0; i < shapes.Length; i++)
        {
            if (context.Peek(i) is not { } input)
                continue;
            shapes[i] = input.Shape;
            if (Counts(values, i))
                elements[i] = input.Data.ToArray();
        }

        return new DerivedState(kernel, shapes, elements, value);
    }

    /// <summary>Whether it is what a kernel derived; some steps run several.</summary>
    public bool IsOf<TKernel>(TKernel kernel) => _kernel is TKernel own && EqualityComparer<TKernel>.Default.Equals(own, kernel);

    public bool IsFor(StepContext context, uint values)
    {
        for (int i = 0; i < _shapes.Length; i++)
        {
            Tensor? input = context.Peek(i);
            if ((input?.Shape ?? default) != _shapes[i])
                return false;
            if (Counts(values, i) && input is not null && !input.Data.Span.SequenceEqual(_elements[i]))
                return false;
        }

        return true;
    }

    /// <summary>Bytes of the elements that are compared.</summary>
    public long Bytes => _elements.Sum(e => e?.LongLength ?? 0);

    private static bool Counts(uint values, int input) => values != 0 && input < 32 && (values >> input & 1) != 0;
}
