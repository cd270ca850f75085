using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>LOGISTIC and TANH of 16-bit elements: a table of sigmoid(i / 24), interpolated.</summary>
internal static class Sigmoid16
{
    // TensorFlow Lite's table is round(65536 sigmoid(i / 24)), and one more at these places.
    private static readonly int[] RoundedUp =
    [
        4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45, 46, 49, 50, 54, 62, 63, 64,
        66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
    ];

    private static readonly ushort[] Table = MakeTable();

    public static Kernel Prepare(KernelRequest request, bool isTanh)
    {
        (int multiplier, int shift) = Factor(request.InputQuant(0).Scale, isTanh);

        // Scales of 2^-12, and 2^-11 for TANH, go through the functions on fixed-point numbers of 3 integer bits.
        if (shift == 0 && multiplier is 3 or 6)
        {
            int left = multiplier / 6;
            return Integers.Map(request, x => isTanh ? FixedPoint16.Tanh(FixedPoint16.Rescale((short)x, left), 3) : FixedPoint16.Logistic((short)x, 3));
        }

        return Integers.Map(request, x => Value(x, multiplier, shift, isTanh));
    }

    private static (int Multiplier, int Shift) Factor(float scale, bool isTanh)
    {
        double log = Math.Log2(scale);
        int left = 12 + (int)Math.Round(log);
        if (log == Math.Round(log) && (left == 0 || (isTanh && left == 1)))
            return (3 << left, 0);
        double multiplier = (double)scale * 4096 * 3;
        int shift = 0;
        while (multiplier <= 32767.0 / 2 && shift <= 30)
        {
            multiplier *= 2;
            shift++;
        }

        return ((int)multiplier, shift);
    }

    private static int Value(int x, int multiplier, int shift, bool isTanh)
    {
        int round = shift > 0 ? 1 << (shift - 1) : 0;
        int v = ((x * multiplier) + round) >> shift;
        int a = Math.Abs(v);
        if (isTanh)
        {
            int h = a >> 8;
            int r = h >= 255 ? 0xFFFF << 8 : (Table[h] << 8) + ((a & 0xFF) * (Table[h + 1] - Table[h]));
            return (v >= 0 ? r - (1 << 23) + (1 << 7) : -r + (1 << 23) + (1 << 7) - 1) >> 8;
        }

        int high = a >> 9;
        int result = high >= 255 ? 0x7FFF << 10 : (Table[high] << 9) + ((a & 0x1FF) * (Table[high + 1] - Table[high]));
        return (v >= 0 ? result + (1 << 9) : (1 << 25) - result + (1 << 9) - 1) >> 10;
    }

    private static ushort[] MakeTable()
    {
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
            table[i] = (ushort)Math.Min(65535, Math.Round(65536 / (1 + Math.Exp(-i / 24.0)), MidpointRounding.AwayFromZero));
        foreach (int i in RoundedUp)
            table[i]++;
        return table;
    }
}
