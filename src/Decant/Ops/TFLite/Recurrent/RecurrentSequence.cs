namespace Decant.Ops.TFLite.Recurrent;

/// <summary>The steps of a sequence: [time, batch, size] or [batch, time, size], or one step of [batch, size].</summary>
internal readonly struct RecurrentSequence
{
    private readonly bool _isTimeMajor;

    public RecurrentSequence(KernelContext context, Tensor input, bool isTimeMajor)
    {
        Shape shape = input.Shape;
        if (shape.Rank is not (2 or 3))
            throw context.Fail($"has the input {input}, expected [batch, size] or a sequence of that");
        _isTimeMajor = isTimeMajor || shape.Rank == 2;
        (Time, Batch) = shape.Rank == 2 ? (1, (int)shape[0]) : _isTimeMajor ? ((int)shape[0], (int)shape[1]) : ((int)shape[1], (int)shape[0]);
        Size = (int)shape[-1];
        Leading = shape.Rank == 2 ? [] : _isTimeMajor ? [Time, Batch] : [Batch, Time];
        if (shape.Rank == 2)
            Leading = [Batch];
    }

    public int Time { get; }

    public int Batch { get; }

    public int Size { get; }

    /// <summary>The dimensions in front of the last, which outputs have too.</summary>
    public long[] Leading { get; }

    /// <summary>One step's rows, one behind another.</summary>
    public T[] Step<T>(ReadOnlySpan<T> elements, int time, int size)
    {
        var rows = new T[Batch * size];
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
}
