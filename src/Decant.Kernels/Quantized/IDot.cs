namespace Decant.Kernels.Quantized;

/// <summary>
/// The instruction that sums products of integers: a lane of 32 bits of the register <typeparamref name="V"/> holds a group of 4 bytes or
/// of 2 16-bit integers, and adds the products of its group to a 32-bit sum.
/// </summary>
internal interface IDot<V>
    where V : unmanaged
{
    /// <summary>The same group in every lane.</summary>
    static abstract V Broadcast(int group);

    static abstract V Add(V a, V b);

    /// <summary>sum + Σ of the group's products, activations first.</summary>
    static abstract V Dot(V sum, V a, V b);
}
