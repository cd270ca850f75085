namespace Decant.Ops.Arrays;

/// <summary>
/// A walk over a box of elements: in every axis a count, and the distance in elements from one index to the next, in the
/// source and in the target. Axes that lie contiguously in both are walked as one.
/// </summary>
internal readonly struct Window
{
    private readonly int[] _counts;
    private readonly int[] _sourceSteps;
    private readonly int[] _targetSteps;

    /// <summary>A walk; negative steps go backwards, steps of 0 repeat.</summary>
    public Window(ReadOnlySpan<long> counts, ReadOnlySpan<int> sourceSteps, ReadOnlySpan<int> targetSteps)
    {
        _counts = new int[Math.Max(1, counts.Length)];
        _sourceSteps = new int[_counts.Length];
        _targetSteps = new int[_counts.Length];
        _counts[0] = _sourceSteps[0] = _targetSteps[0] = 1;
        int axes = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 1)
                continue;
            bool joins = axes > 0 && _sourceSteps[axes - 1] == sourceSteps[i] * (int)counts[i] && _targetSteps[axes - 1] == targetSteps[i] * (int)counts[i];
            int at = joins ? axes - 1 : axes++;
            _counts[at] = (joins ? _counts[at] : 1) * (int)counts[i];
            _sourceSteps[at] = sourceSteps[i];
            _targetSteps[at] = targetSteps[i];
        }

        Axes = Math.Max(1, axes);
        Counts = Widen(_counts);
        SourceSteps = Widen(_sourceSteps);
        TargetSteps = Widen(_targetSteps);
    }

    /// <summary>The number of axes that are left to walk.</summary>
    public int Axes { get; }

    /// <summary>The number of indices of each axis.</summary>
    public long[] Counts { get; }

    /// <summary>The source's distance from one index to the next, by axis.</summary>
    public long[] SourceSteps { get; }

    /// <summary>The target's distance from one index to the next, by axis.</summary>
    public long[] TargetSteps { get; }

    /// <summary>Copies the box.</summary>
    public void Copy<T>(ReadOnlySpan<T> source, int sourceStart, Span<T> target, int targetStart)
    {
        if (!_counts.AsSpan(0, Axes).Contains(0))
            Walk(0, source, sourceStart, target, targetStart);
    }

    private long[] Widen(int[] values) => Array.ConvertAll(values[..Axes], v => (long)v);

    private void Walk<T>(int axis, ReadOnlySpan<T> source, int from, Span<T> target, int to)
    {
        int count = _counts[axis];
        int sourceStep = _sourceSteps[axis];
        int targetStep = _targetSteps[axis];
        if (axis + 1 < Axes)
        {
            for (int i = 0; i < count; i++, from += sourceStep, to += targetStep)
                Walk(axis + 1, source, from, target, to);
            return;
        }

        if (targetStep == 1 && sourceStep == 1)
        {
            source.Slice(from, count).CopyTo(target[to..]);
        }
        else if (targetStep == 1 && sourceStep == 0)
        {
            target.Slice(to, count).Fill(source[from]);
        }
        else
        {
            for (int i = 0; i < count; i++, from += sourceStep, to += targetStep)
                target[to] = source[from];
        }
    }
}
