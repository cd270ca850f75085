using Decant.Ops;

namespace Decant.Runtime;

/// <summary>What a slot holds is a <see cref="Tensor"/> or, for a TF1 reference, a <see cref="Variable"/>. Pooled memory is counted.</summary>
internal static class Slot
{
    public static object Share(object value)
    {
        ((value as Tensor)?.Data.Owner as PooledBuffer)?.AddReference();
        return value;
    }

    public static void Release(object? value) => ((value as Tensor)?.Data.Owner as PooledBuffer)?.Release();

    /// <summary>Gives a value to somebody who does not count references.</summary>
    public static void Leave(object? value) => ((value as Tensor)?.Data.Owner as PooledBuffer)?.Leave();
}
