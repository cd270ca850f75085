using System.Runtime.CompilerServices;
using Decant.Kernels.Lanes;

namespace Decant.Kernels.Conv;

/// <summary>
/// A block of output pixels of a 3x3 depthwise convolution, all channels of it: registers lie along the channels, and the nine
/// weights and all sums of the block stay in registers while each input pixel is loaded once. Pixels are given by pointers, so that
/// those in the padding are read from zeros and outputs beyond the edge are written where nobody looks.
/// </summary>
internal static unsafe class DepthwiseTile<V>
    where V : struct, ILanes<V, float>
{
    /// <summary>Two rows of four outputs at stride 1, from 4 x 6 inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Two4(float** patch, float** outputs, float* filter, int channels, float* bias, bool clamps, float low, float high)
    {
        int last = channels - V.Count;
        for (int c = 0; c < channels; c += V.Count)
        {
            // The last register ends at the last channel, and computes some of those before again.
            c = Math.Min(c, last);
            float* w = filter + c;
            V w0 = V.Load(w), w1 = V.Load(w + channels), w2 = V.Load(w + (2 * (nint)channels));
            V s0 = bias == null ? V.Constant(0) : V.Load(bias + c);
            V s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            V x;
            x = V.Load(patch[0] + c);
            V.AddProduct(ref s0, x, w0);
            x = V.Load(patch[1] + c);
            V.AddProduct(ref s0, x, w1);
            V.AddProduct(ref s1, x, w0);
            x = V.Load(patch[2] + c);
            V.AddProduct(ref s0, x, w2);
            V.AddProduct(ref s1, x, w1);
            V.AddProduct(ref s2, x, w0);
            x = V.Load(patch[3] + c);
            V.AddProduct(ref s1, x, w2);
            V.AddProduct(ref s2, x, w1);
            V.AddProduct(ref s3, x, w0);
            x = V.Load(patch[4] + c);
            V.AddProduct(ref s2, x, w2);
            V.AddProduct(ref s3, x, w1);
            x = V.Load(patch[5] + c);
            V.AddProduct(ref s3, x, w2);

            // A row of inputs meets two rows of weights, so that these and the sums fit 16 registers.
            V w3 = V.Load(w + (3 * (nint)channels)), w4 = V.Load(w + (4 * (nint)channels)), w5 = V.Load(w + (5 * (nint)channels));
            x = V.Load(patch[6] + c);
            V.AddProduct(ref s0, x, w3);
            V.AddProduct(ref s4, x, w0);
            x = V.Load(patch[7] + c);
            V.AddProduct(ref s0, x, w4);
            V.AddProduct(ref s1, x, w3);
            V.AddProduct(ref s4, x, w1);
            V.AddProduct(ref s5, x, w0);
            x = V.Load(patch[8] + c);
            V.AddProduct(ref s0, x, w5);
            V.AddProduct(ref s1, x, w4);
            V.AddProduct(ref s2, x, w3);
            V.AddProduct(ref s4, x, w2);
            V.AddProduct(ref s5, x, w1);
            V.AddProduct(ref s6, x, w0);
            x = V.Load(patch[9] + c);
            V.AddProduct(ref s1, x, w5);
            V.AddProduct(ref s2, x, w4);
            V.AddProduct(ref s3, x, w3);
            V.AddProduct(ref s5, x, w2);
            V.AddProduct(ref s6, x, w1);
            V.AddProduct(ref s7, x, w0);
            x = V.Load(patch[10] + c);
            V.AddProduct(ref s2, x, w5);
            V.AddProduct(ref s3, x, w4);
            V.AddProduct(ref s6, x, w2);
            V.AddProduct(ref s7, x, w1);
            x = V.Load(patch[11] + c);
            V.AddProduct(ref s3, x, w5);
            V.AddProduct(ref s7, x, w2);

            V w6 = V.Load(w + (6 * (nint)channels)), w7 = V.Load(w + (7 * (nint)channels)), w8 = V.Load(w + (8 * (nint)channels));
            x = V.Load(patch[12] + c);
            V.AddProduct(ref s0, x, w6);
            V.AddProduct(ref s4, x, w3);
            x = V.Load(patch[13] + c);
            V.AddProduct(ref s0, x, w7);
            V.AddProduct(ref s1, x, w6);
            V.AddProduct(ref s4, x, w4);
            V.AddProduct(ref s5, x, w3);
            x = V.Load(patch[14] + c);
            V.AddProduct(ref s0, x, w8);
            V.AddProduct(ref s1, x, w7);
            V.AddProduct(ref s2, x, w6);
            V.AddProduct(ref s4, x, w5);
            V.AddProduct(ref s5, x, w4);
            V.AddProduct(ref s6, x, w3);
            x = V.Load(patch[15] + c);
            V.AddProduct(ref s1, x, w8);
            V.AddProduct(ref s2, x, w7);
            V.AddProduct(ref s3, x, w6);
            V.AddProduct(ref s5, x, w5);
            V.AddProduct(ref s6, x, w4);
            V.AddProduct(ref s7, x, w3);
            x = V.Load(patch[16] + c);
            V.AddProduct(ref s2, x, w8);
            V.AddProduct(ref s3, x, w7);
            V.AddProduct(ref s6, x, w5);
            V.AddProduct(ref s7, x, w4);
            x = V.Load(patch[17] + c);
            V.AddProduct(ref s3, x, w8);
            V.AddProduct(ref s7, x, w5);
            x = V.Load(patch[18] + c);
            V.AddProduct(ref s4, x, w6);
            x = V.Load(patch[19] + c);
            V.AddProduct(ref s4, x, w7);
            V.AddProduct(ref s5, x, w6);
            x = V.Load(patch[20] + c);
            V.AddProduct(ref s4, x, w8);
            V.AddProduct(ref s5, x, w7);
            V.AddProduct(ref s6, x, w6);
            x = V.Load(patch[21] + c);
            V.AddProduct(ref s5, x, w8);
            V.AddProduct(ref s6, x, w7);
            V.AddProduct(ref s7, x, w6);
            x = V.Load(patch[22] + c);
            V.AddProduct(ref s6, x, w8);
            V.AddProduct(ref s7, x, w7);
            x = V.Load(patch[23] + c);
            V.AddProduct(ref s7, x, w8);
            if (clamps)
            {
                V least = V.Create(low), most = V.Create(high);
                s0 = Clamp(s0, least, most);
                s1 = Clamp(s1, least, most);
                s2 = Clamp(s2, least, most);
                s3 = Clamp(s3, least, most);
                s4 = Clamp(s4, least, most);
                s5 = Clamp(s5, least, most);
                s6 = Clamp(s6, least, most);
                s7 = Clamp(s7, least, most);
            }

            s0.Store(outputs[0] + c);
            s1.Store(outputs[1] + c);
            s2.Store(outputs[2] + c);
            s3.Store(outputs[3] + c);
            s4.Store(outputs[4] + c);
            s5.Store(outputs[5] + c);
            s6.Store(outputs[6] + c);
            s7.Store(outputs[7] + c);
        }
    }

    /// <summary>The first two columns of a block of <see cref="Two4"/> alone, whose pointers it is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void HalfOfTwo4(float** patch, float** outputs, float* filter, int channels, float* bias, bool clamps, float low, float high)
    {
        int last = channels - V.Count;
        for (int c = 0; c < channels; c += V.Count)
        {
            // The last register ends at the last channel, and computes some of those before again.
            c = Math.Min(c, last);
            float* w = filter + c;
            V w0 = V.Load(w), w1 = V.Load(w + channels), w2 = V.Load(w + (2 * (nint)channels));
            V w3 = V.Load(w + (3 * (nint)channels)), w4 = V.Load(w + (4 * (nint)channels)), w5 = V.Load(w + (5 * (nint)channels));
            V w6 = V.Load(w + (6 * (nint)channels)), w7 = V.Load(w + (7 * (nint)channels)), w8 = V.Load(w + (8 * (nint)channels));
            V s0 = bias == null ? V.Constant(0) : V.Load(bias + c);
            V s1 = s0, s2 = s0, s3 = s0;
            V x;
            x = V.Load(patch[0] + c);
            V.AddProduct(ref s0, x, w0);
            x = V.Load(patch[1] + c);
            V.AddProduct(ref s0, x, w1);
            V.AddProduct(ref s1, x, w0);
            x = V.Load(patch[2] + c);
            V.AddProduct(ref s0, x, w2);
            V.AddProduct(ref s1, x, w1);
            x = V.Load(patch[3] + c);
            V.AddProduct(ref s1, x, w2);
            x = V.Load(patch[6] + c);
            V.AddProduct(ref s0, x, w3);
            V.AddProduct(ref s2, x, w0);
            x = V.Load(patch[7] + c);
            V.AddProduct(ref s0, x, w4);
            V.AddProduct(ref s1, x, w3);
            V.AddProduct(ref s2, x, w1);
            V.AddProduct(ref s3, x, w0);
            x = V.Load(patch[8] + c);
            V.AddProduct(ref s0, x, w5);
            V.AddProduct(ref s1, x, w4);
            V.AddProduct(ref s2, x, w2);
            V.AddProduct(ref s3, x, w1);
            x = V.Load(patch[9] + c);
            V.AddProduct(ref s1, x, w5);
            V.AddProduct(ref s3, x, w2);
            x = V.Load(patch[12] + c);
            V.AddProduct(ref s0, x, w6);
            V.AddProduct(ref s2, x, w3);
            x = V.Load(patch[13] + c);
            V.AddProduct(ref s0, x, w7);
            V.AddProduct(ref s1, x, w6);
            V.AddProduct(ref s2, x, w4);
            V.AddProduct(ref s3, x, w3);
            x = V.Load(patch[14] + c);
            V.AddProduct(ref s0, x, w8);
            V.AddProduct(ref s1, x, w7);
            V.AddProduct(ref s2, x, w5);
            V.AddProduct(ref s3, x, w4);
            x = V.Load(patch[15] + c);
            V.AddProduct(ref s1, x, w8);
            V.AddProduct(ref s3, x, w5);
            x = V.Load(patch[18] + c);
            V.AddProduct(ref s2, x, w6);
            x = V.Load(patch[19] + c);
            V.AddProduct(ref s2, x, w7);
            V.AddProduct(ref s3, x, w6);
            x = V.Load(patch[20] + c);
            V.AddProduct(ref s2, x, w8);
            V.AddProduct(ref s3, x, w7);
            x = V.Load(patch[21] + c);
            V.AddProduct(ref s3, x, w8);
            if (clamps)
            {
                V least = V.Create(low), most = V.Create(high);
                s0 = Clamp(s0, least, most);
                s1 = Clamp(s1, least, most);
                s2 = Clamp(s2, least, most);
                s3 = Clamp(s3, least, most);
            }

            s0.Store(outputs[0] + c);
            s1.Store(outputs[1] + c);
            s2.Store(outputs[4] + c);
            s3.Store(outputs[5] + c);
        }
    }

    /// <summary>Two rows of two outputs at stride 2, from 5 x 5 inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Two2(float** patch, float** outputs, float* filter, int channels, float* bias, bool clamps, float low, float high)
    {
        int last = channels - V.Count;
        for (int c = 0; c < channels; c += V.Count)
        {
            // The last register ends at the last channel, and computes some of those before again.
            c = Math.Min(c, last);
            float* w = filter + c;
            V w0 = V.Load(w), w1 = V.Load(w + channels), w2 = V.Load(w + (2 * (nint)channels));
            V w3 = V.Load(w + (3 * (nint)channels)), w4 = V.Load(w + (4 * (nint)channels)), w5 = V.Load(w + (5 * (nint)channels));
            V w6 = V.Load(w + (6 * (nint)channels)), w7 = V.Load(w + (7 * (nint)channels)), w8 = V.Load(w + (8 * (nint)channels));
            V s0 = bias == null ? V.Constant(0) : V.Load(bias + c);
            V s1 = s0, s2 = s0, s3 = s0;
            V x;
            x = V.Load(patch[0] + c);
            V.AddProduct(ref s0, x, w0);
            x = V.Load(patch[1] + c);
            V.AddProduct(ref s0, x, w1);
            x = V.Load(patch[2] + c);
            V.AddProduct(ref s0, x, w2);
            V.AddProduct(ref s1, x, w0);
            x = V.Load(patch[3] + c);
            V.AddProduct(ref s1, x, w1);
            x = V.Load(patch[4] + c);
            V.AddProduct(ref s1, x, w2);
            x = V.Load(patch[5] + c);
            V.AddProduct(ref s0, x, w3);
            x = V.Load(patch[6] + c);
            V.AddProduct(ref s0, x, w4);
            x = V.Load(patch[7] + c);
            V.AddProduct(ref s0, x, w5);
            V.AddProduct(ref s1, x, w3);
            x = V.Load(patch[8] + c);
            V.AddProduct(ref s1, x, w4);
            x = V.Load(patch[9] + c);
            V.AddProduct(ref s1, x, w5);
            x = V.Load(patch[10] + c);
            V.AddProduct(ref s0, x, w6);
            V.AddProduct(ref s2, x, w0);
            x = V.Load(patch[11] + c);
            V.AddProduct(ref s0, x, w7);
            V.AddProduct(ref s2, x, w1);
            x = V.Load(patch[12] + c);
            V.AddProduct(ref s0, x, w8);
            V.AddProduct(ref s1, x, w6);
            V.AddProduct(ref s2, x, w2);
            V.AddProduct(ref s3, x, w0);
            x = V.Load(patch[13] + c);
            V.AddProduct(ref s1, x, w7);
            V.AddProduct(ref s3, x, w1);
            x = V.Load(patch[14] + c);
            V.AddProduct(ref s1, x, w8);
            V.AddProduct(ref s3, x, w2);
            x = V.Load(patch[15] + c);
            V.AddProduct(ref s2, x, w3);
            x = V.Load(patch[16] + c);
            V.AddProduct(ref s2, x, w4);
            x = V.Load(patch[17] + c);
            V.AddProduct(ref s2, x, w5);
            V.AddProduct(ref s3, x, w3);
            x = V.Load(patch[18] + c);
            V.AddProduct(ref s3, x, w4);
            x = V.Load(patch[19] + c);
            V.AddProduct(ref s3, x, w5);
            x = V.Load(patch[20] + c);
            V.AddProduct(ref s2, x, w6);
            x = V.Load(patch[21] + c);
            V.AddProduct(ref s2, x, w7);
            x = V.Load(patch[22] + c);
            V.AddProduct(ref s2, x, w8);
            V.AddProduct(ref s3, x, w6);
            x = V.Load(patch[23] + c);
            V.AddProduct(ref s3, x, w7);
            x = V.Load(patch[24] + c);
            V.AddProduct(ref s3, x, w8);
            if (clamps)
            {
                V least = V.Create(low), most = V.Create(high);
                s0 = Clamp(s0, least, most);
                s1 = Clamp(s1, least, most);
                s2 = Clamp(s2, least, most);
                s3 = Clamp(s3, least, most);
            }

            s0.Store(outputs[0] + c);
            s1.Store(outputs[1] + c);
            s2.Store(outputs[2] + c);
            s3.Store(outputs[3] + c);
        }
    }

    /// <summary>NaN passes through both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamp(V x, V low, V high) => V.MinOrSecond(high, V.MaxOrSecond(low, x));
}
