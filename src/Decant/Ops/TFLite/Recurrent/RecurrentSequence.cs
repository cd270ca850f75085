namespace Decant.Ops.TFLite.Recurrent;

/// <summary>The steps of a sequence: [time, batch, size] or [batch, time, size], or one step of [batch, size].</summary>
internal readonly struct RecurrentSequence
{
    private readonly bool _isTimeMajor, _isSequence;

    public RecurrentSequence(KernelContext context, Tensor input, bool isTimeMajor)
    {
        Shape shape = input.Shape;
        if (shape.Rank is not (2 or 3))
            throw context.Fail($"has the input {input}, expected [batch, size] or a sequence of that");
        _isTimeMajor = isTimeMajor || shape.Rank == 2;
        (Time, Batch) = shape.Rank == 2 ? (1, (int)shape[0]) : _isTimeMajor ? ((int)shape[0], (int)shape[1]) : ((int)shape[1], (int)shape[0]);
        Size = (int)shape[-1];
        _isSequence = shape.Rank == 3;
    }

    public int Time { get; }

    public int Batch { get; }

    public int Size { get; }

    /// <summary>The shape of an output of some elements in each row; made once for the same shapes.</summary>
    /// <param name="context">A run.</param>
    /// <param name="isTimeMajor">Whether time comes before the batch.</param>
    /// <param name="size">The elements.</param>
    public static Shape Output(KernelContext context, bool isTimeMajor, int size) => context.Derived(
        new OutputOf(isTimeMajor, size), static (of, c) => new DerivedShape(new RecurrentSequence(c, c.Input(0), of.IsTimeMajor).ShapeOf(of.Size))).Shape;

    /// <summary>Copies one step's rows, one behind another.</summary>
    public T[] Step<T>(ReadOnlySpan<T> elements, int time, int size, T[] rows)
    {
        for (int b = 0; b < Batch; b++)
            elements.Slice(Index(time, b) * size, size).CopyTo(rows.AsSpan(b * size));
        return rows;
    }

    /// <summary>Writes one step's rows at an offset of longer ones.</summary>
    public void Write<T>(ReadOnlySpan<T> rows, int time, int size, Span<T> output, int stride, int offset)
    {
        for (int b = 0; b < Batch; b++)
            rows.Slice(b * size, size).CopyTo(output.Slice((Index(time, b) * stride) + offset, size));
    }

    private int Index(int time, int batch) => _isTimeMajor ? (time * Batch) + batch : (batch * Time) + time;

    private Shape ShapeOf(int size) => !_isSequence ? new Shape(Batch, size) : _isTimeMajor ? new Shape(Time, Batch, size) : new Shape(Batch, Time, size);

    private readonly record struct OutputOf(bool IsTimeMajor, int Size);
}
