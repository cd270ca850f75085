using System.Runtime.InteropServices;

namespace Decant.Bench;

/// <summary>Seeded float32 values that start at a cache line, as the tensors of a session do.</summary>
internal static class KernelsBuffer
{
    private const int LineFloats = 16;

    public static Memory<float> Create(long count, float low = -1, float high = 1)
    {
        float[] pinned = GC.AllocateUninitializedArray<float>(checked((int)count) + LineFloats, pinned: true);
        int skip = (int)((64 - (Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) & 63)) & 63) / sizeof(float);
        Memory<float> values = pinned.AsMemory(skip, (int)count);
        Random random = new(1);
        foreach (ref float value in values.Span)
            value = low + ((high - low) * random.NextSingle());
        return values;
    }
}
