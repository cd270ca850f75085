using System.Numerics;

namespace Decant.Kernels.Spectral;

/// <summary>
/// The transform of one length that has no prime factor above 13, of any number of lines side by side: element n of line l lies at n·lines + l.
/// Stockham's form, which sorts itself: the stage of radix r takes n = r·m elements at a distance of s to r·s interleaved sequences of m,
/// y[s·(r·p + j) + q] = e^(-2πi·pj/n) Σ x[s·(p + m·i) + q]·e^(-2πi·ij/r) over i, from n = N and s = lines on.
/// After it, M. Stockham, "High-speed convolution and correlation", 1966.
/// </summary>
internal sealed unsafe class Stockham
{
    private const int LargestRadix = 13;

    private readonly int[] _radices;

    /// <summary>For each stage and p the roots e^(-2πi·pj/n) of j = 1 to r - 1.</summary>
    private readonly double[] _roots;

    public Stockham(int length)
    {
        Length = length;
        _radices = [.. Radices(length)];
        _roots = new double[_radices.Aggregate((Left: length, Count: 0L), (at, r) => (at.Left / r, at.Count + (2L * (at.Left / r) * (r - 1)))).Count];
        int next = 0;
        for (int stage = 0, n = length; stage < _radices.Length; n /= _radices[stage++])
        {
            for (int p = 0; p < n / _radices[stage]; p++)
            {
                for (int j = 1; j < _radices[stage]; j++, next += 2)
                    (_roots[next + 1], _roots[next]) = Roots.Of((long)p * j, n);
            }
        }
    }

    public int Length { get; }

    public static bool Fits(int length)
    {
        for (int factor = 2; factor <= LargestRadix; factor++)
        {
            while (length % factor == 0)
                length /= factor;
        }

        return length == 1;
    }

    /// <summary>Transforms; both planes have room for length · lines elements, and which of them the result is in is said by their order afterwards.</summary>
    public void Run(ref Planes x, ref Planes work, int lines, int lanes)
    {
        fixed (double* all = _roots)
        {
            double* roots = all;
            nint s = lines;
            int n = Length;
            foreach (int radix in _radices)
            {
                n /= radix;
                StockhamStage.Run(x, work, roots, radix, n, s, lanes);
                roots += 2 * (nint)n * (radix - 1);
                s *= radix;
                (x, work) = (work, x);
            }
        }
    }

    // Large odd ones first: a stage that begins with a single line has no neighbours to fill a register with, the next has r.
    private static IEnumerable<int> Radices(int length)
    {
        int twos = BitOperations.TrailingZeroCount(length), rest = length >> twos;
        for (int radix = LargestRadix; radix > 1; radix -= 2)
        {
            for (; rest % radix == 0; rest /= radix)
                yield return radix;
        }

        for (; twos >= 2; twos -= 2)
            yield return 4;
        if (twos == 1)
            yield return 2;
    }
}
