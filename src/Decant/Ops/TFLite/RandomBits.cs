using System.Numerics;
using System.Runtime.InteropServices;

namespace Decant.Ops.TFLite;

/// <summary>
/// STABLEHLO_RNG_BIT_GENERATOR: random bits by counters that are enciphered, ThreeFry 2x32 or Philox 4x32. The state is the key and the
/// counter, 32 bits each word, the lower ones first; the state behind the bits is the first output.
/// </summary>
internal static class RandomBits
{
    private const uint ThreefryParity = 0x1BD11BDA;
    private const uint PhiloxMultiplierA = 0xD2511F53, PhiloxMultiplierB = 0xCD9E8D57, PhiloxStepA = 0x9E3779B9, PhiloxStepB = 0xBB67AE85;
    private const int PhiloxRounds = 10;

    private static readonly int[][] ThreefryRotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

    public static Kernel Prepare(KernelRequest request)
    {
        string algorithm = request.Attributes.String("algorithm");
        (DType type, Shape shape) = (request.OutputType(1), request.OutputSpec(1).Shape);
        if (type is not (DType.Int32 or DType.UInt32 or DType.Int64 or DType.UInt64) || !shape.IsFullyKnown)
            throw request.NoKernel($"for results of {type.Name()}{shape}");
        return Kernel.Of(context =>
        {
            Tensor state = context.Input(0);
            if (state.DType != DType.UInt64 || state.ElementCount is not (2 or 3) || (algorithm == "THREEFRY" && state.ElementCount != 2))
                throw context.Fail($"has the state {state}, expected uint64[2]{(algorithm == "THREEFRY" ? "" : " or uint64[3]")}");
            Tensor behind = context.Allocate(0, DType.UInt64, state.Shape), output = context.Allocate(1, type, shape);
            state.Data.Span.CopyTo(behind.Data.AsMutable<byte>());
            Span<uint> words = MemoryMarshal.Cast<byte, uint>(behind.Data.AsMutable<byte>()), bits = MemoryMarshal.Cast<byte, uint>(output.Data.AsMutable<byte>());
            Span<uint> counter = words.Length == 6 ? [words[2], words[3], words[4], words[5]] : [words[2], words[3], words[0], words[1]];
            Span<uint> block = stackalloc uint[4];
            int size = algorithm == "THREEFRY" ? 2 : 4;
            for (int i = 0; i < bits.Length; i += size)
            {
                counter.CopyTo(block);
                if (size == 2)
                    Threefry(words[0], words[1], block);
                else
                    Philox(words[0], words[1], block);
                block[..Math.Min(size, bits.Length - i)].CopyTo(bits[i..]);
                if (++counter[0] == 0)
                    counter[1]++;
            }

            (words[2], words[3]) = (counter[0], counter[1]);
        });
    }

    private static void Threefry(uint key0, uint key1, Span<uint> x)
    {
        ReadOnlySpan<uint> keys = [key0, key1, key0 ^ key1 ^ ThreefryParity];
        (x[0], x[1]) = (x[0] + key0, x[1] + key1);
        for (uint round = 0; round < 5; round++)
        {
            foreach (int rotation in ThreefryRotations[round % 2])
            {
                x[0] += x[1];
                x[1] = BitOperations.RotateLeft(x[1], rotation) ^ x[0];
            }

            x[0] += keys[(int)((round + 1) % 3)];
            x[1] += keys[(int)((round + 2) % 3)] + round + 1;
        }
    }

    private static void Philox(uint key0, uint key1, Span<uint> x)
    {
        for (int round = 0; round < PhiloxRounds; round++)
        {
            ulong a = (ulong)PhiloxMultiplierA * x[0], b = (ulong)PhiloxMultiplierB * x[2];
            (x[0], x[1], x[2], x[3]) = ((uint)(b >> 32) ^ x[1] ^ key0, (uint)b, (uint)(a >> 32) ^ x[3] ^ key1, (uint)a);
            (key0, key1) = (key0 + PhiloxStepA, key1 + PhiloxStepB);
        }
    }
}
