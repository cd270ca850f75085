using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>
/// The probability of a label sequence over all its alignments with time steps (Graves, "Supervised Sequence Labelling", 7.3): forward and
/// backward variables over the labels with blanks between and around them. Probabilities are logarithms.
/// </summary>
/// <param name="probabilities">The softmax of each step: [time, classes].</param>
/// <param name="classes">The number of classes.</param>
/// <param name="labels">The labels.</param>
/// <param name="blank">The class of the blank.</param>
/// <param name="merges">Whether a label that is repeated in time stands for one.</param>
internal sealed class CtcAlignment<T>(T[] probabilities, int classes, int[] labels, int blank, bool merges)
    where T : IFloatingPointIeee754<T>
{
    private readonly int[] _path = [blank, .. labels.SelectMany(l => (int[])[l, blank])];

    private int Steps => probabilities.Length / classes;

    /// <summary>Minus the logarithm of the probability; adds its gradient by the scores before the softmax to <paramref name="gradient"/> [time, classes].</summary>
    public T Loss(Span<T> gradient)
    {
        (T[,] forward, T[,] backward) = (Forward(), Backward());
        T total = T.NegativeInfinity;
        for (int u = 0; u < _path.Length; u++)
            total = LogSum(total, forward[0, u] + backward[0, u]);
        T[] through = new T[classes];
        for (int t = 0; t < Steps; t++)
        {
            Array.Fill(through, T.NegativeInfinity);
            for (int u = 0; u < _path.Length; u++)
                through[_path[u]] = LogSum(through[_path[u]], forward[t, u] + backward[t, u]);
            for (int c = 0; c < classes; c++)
                gradient[(t * classes) + c] = probabilities[(t * classes) + c] - (T.IsNegativeInfinity(total) ? T.Zero : T.Exp(through[c] - total));
        }

        return -total;
    }

    private static T LogSum(T a, T b) =>
        T.IsNegativeInfinity(a) ? b : T.IsNegativeInfinity(b) ? a : T.Max(a, b) + T.LogP1(T.Exp(-T.Abs(a - b)));

    private T Log(int t, int u) => T.Log(probabilities[(t * classes) + _path[u]]);

    private bool MaySkip(int u, int other) => _path[u] != blank && !(merges && _path[u] == _path[other]);

    private bool MayStay(int u) => merges || _path[u] == blank;

    /// <summary>The part of the path that can be begun by step t and still be ended.</summary>
    private (int First, int End) Reachable(int t) => (Math.Max(0, _path.Length - (2 * (Steps - t))), Math.Min(_path.Length, 2 * (t + 1)));

    private T[,] Forward()
    {
        T[,] log = Zeros();
        log[0, 0] = Log(0, 0);
        if (_path.Length > 1)
            log[0, 1] = Log(0, 1);
        for (int t = 1; t < Steps; t++)
        {
            (int first, int end) = Reachable(t);
            for (int u = first; u < end; u++)
            {
                T sum = MayStay(u) ? log[t - 1, u] : T.NegativeInfinity;
                if (u > 0)
                    sum = LogSum(sum, log[t - 1, u - 1]);
                if (u > 1 && MaySkip(u, u - 2))
                    sum = LogSum(sum, log[t - 1, u - 2]);
                log[t, u] = sum + Log(t, u);
            }
        }

        return log;
    }

    private T[,] Backward()
    {
        T[,] log = Zeros();
        for (int u = Math.Max(0, _path.Length - 2); u < _path.Length; u++)
            log[Steps - 1, u] = T.Zero;
        for (int t = Steps - 2; t >= 0; t--)
        {
            (int first, int end) = Reachable(t);
            for (int u = first; u < end; u++)
            {
                T sum = MayStay(u) ? log[t + 1, u] + Log(t + 1, u) : T.NegativeInfinity;
                if (u + 1 < _path.Length)
                    sum = LogSum(sum, log[t + 1, u + 1] + Log(t + 1, u + 1));
                if (u + 2 < _path.Length && MaySkip(u, u + 2))
                    sum = LogSum(sum, log[t + 1, u + 2] + Log(t + 1, u + 2));
                log[t, u] = sum;
            }
        }

        return log;
    }

    private T[,] Zeros()
    {
        var log = new T[Steps, _path.Length];
        for (int t = 0; t < Steps; t++)
        {
            for (int u = 0; u < _path.Length; u++)
                log[t, u] = T.NegativeInfinity;
        }

        return log;
    }
}
