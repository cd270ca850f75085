using System.Runtime.CompilerServices;
using Decant.Kernels.Gemm;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>The transforms of F(4x4, 3x3), registers along the channels: Bᵀ·d·B of 6 x 6 inputs, and Aᵀ·m·A to 4 x 4 outputs.</summary>
internal static unsafe class WinogradTile<V>
    where V : struct, ILanes<V, float>
{
    private const int Side = WinogradFilter.Side;
    private const double A = WinogradFilter.A;
    private const double B = WinogradFilter.B;
    private const double A2 = A * A;
    private const double B2 = B * B;

    /// <summary>
    /// Transforms the 36 pixels at <paramref name="pixels"/>, of which each has <paramref name="channels"/> values. Point (i, j) of the result lies
    /// 6·i + j times <paramref name="stride"/> after <paramref name="target"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Input(float** pixels, int channels, float* target, nint stride)
    {
        float* half = stackalloc float[Side * Side * V.Count];
        for (nint c = 0; c < channels; c += V.Count)
        {
            // Down the columns of the pixels, then along the rows of what comes out.
            for (int i = 0; i < Side; i++)
            {
                float** p = pixels + i;
                InputLine(V.Load(p[0] + c), V.Load(p[Side] + c), V.Load(p[2 * Side] + c), V.Load(p[3 * Side] + c), V.Load(p[4 * Side] + c), V.Load(p[5 * Side] + c), half + (i * V.Count), Side * V.Count);
            }

            float* to = target + c;
            for (float* p = half; p < half + (Side * Side * V.Count); p += Side * V.Count, to += Side * stride)
                InputLine(V.Load(p), V.Load(p + V.Count), V.Load(p + (2 * V.Count)), V.Load(p + (3 * V.Count)), V.Load(p + (4 * V.Count)), V.Load(p + (5 * V.Count)), to, stride);
        }
    }

    /// <summary>
    /// Transforms back the points at <paramref name="source"/>, <paramref name="stride"/> apart, and stores <paramref name="rows"/> x
    /// <paramref name="columns"/> finished pixels. Channels of which one is not finite are left to <paramref name="rest"/>: an input that is not finite
    /// reaches pixels of its tile that do not depend on it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Output(float* source, nint stride, int channels, float* y, nint line, int rows, int columns, TileFinish finish, float* residual, WinogradRest rest, (int Image, int Row, int Column) place)
    {
        float* half = stackalloc float[WinogradFilter.Outputs * Side * V.Count];
        float* whole = stackalloc float[WinogradFilter.Outputs * WinogradFilter.Outputs * V.Count];
        V low = V.Create(finish.Low), high = V.Create(finish.High);
        for (nint c = 0; c < channels; c += V.Count)
        {
            // NaN passes through both bounds; adding -0 changes nothing.
            V bias = finish.Bias == null ? V.Constant(-0.0) : V.Load(finish.Bias + c), slope = finish.Slopes == null ? low : V.Load(finish.Slopes + c);
            for (int i = 0; i < Side; i++)
            {
                float* p = source + (i * stride) + c;
                OutputLine(p, Side * stride, half + (i * V.Count), Side * V.Count);
            }

            V sum = V.Constant(0);
            for (int row = 0; row < rows; row++)
                sum += OutputLine(half + (row * Side * V.Count), V.Count, whole + (row * WinogradFilter.Outputs * V.Count), V.Count);
            if (V.Bits(V.LessOrEqual(V.Abs(sum), V.Constant(float.MaxValue))) != (1UL << V.Count) - 1)
            {
                rest.Add(place.Image, place.Row, place.Column, (int)c);
                continue;
            }

            for (int row = 0; row < rows; row++)
            {
                float* last = whole + (row * WinogradFilter.Outputs * V.Count);
                nint at = (row * line) + c;
                for (int column = 0; column < columns; column++, at += channels)
                {
                    V x = V.Load(last + (column * V.Count)) + bias;
                    if (residual != null)
                        x += V.Load(residual + at);
                    if (finish.Activation != Activation.None)
                        x = V.MinOrSecond(high, V.MaxOrSecond(low, x));
                    else if (finish.Slopes != null)
                        x = V.Select(V.Less(x, V.Constant(0)), x * slope, x);
                    x.Store(y + at);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(V d0, V d1, V d2, V d3, V d4, V d5, float* to, nint step)
    {
        V whole = V.Constant(A2 * B2), sum = V.Constant(-(A2 + B2));
        V.Fma(whole, d0, V.Fma(sum, d2, d4)).Store(to);
        V even = V.Fma(V.Constant(-B2), d2, d4), odd = V.Fma(V.Constant(-B2), d1, d3);
        V.Fma(V.Constant(A), odd, even).Store(to + step);
        V.Fma(V.Constant(-A), odd, even).Store(to + (2 * step));
        even = V.Fma(V.Constant(-A2), d2, d4);
        odd = V.Fma(V.Constant(-A2), d1, d3);
        V.Fma(V.Constant(B), odd, even).Store(to + (3 * step));
        V.Fma(V.Constant(-B), odd, even).Store(to + (4 * step));
        V.Fma(whole, d1, V.Fma(sum, d3, d5)).Store(to + (5 * step));
    }

    /// <summary>Four outputs of a line; their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OutputLine(float* from, nint step, float* to, nint toStep)
    {
        V m1 = V.Load(from + step), m2 = V.Load(from + (2 * step)), m3 = V.Load(from + (3 * step)), m4 = V.Load(from + (4 * step));
        V s = m1 + m2, q = m1 - m2, u = m3 + m4, v = m3 - m4;
        V y0 = V.Load(from) + s + u, y1 = V.Fma(V.Constant(B), v, V.Constant(A) * q);
        V y2 = V.Fma(V.Constant(B2), u, V.Constant(A2) * s), y3 = V.Fma(V.Constant(B * B2), v, V.Fma(V.Constant(A * A2), q, V.Load(from + (5 * step))));
        y0.Store(to);
        y1.Store(to + toStep);
        y2.Store(to + (2 * toStep));
        y3.Store(to + (3 * toStep));
        return y0 + y1 + (y2 + y3);
    }
}
