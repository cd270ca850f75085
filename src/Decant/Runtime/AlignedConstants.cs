namespace Decant.Runtime;

/// <summary>
/// Constants where vectors lie within lines of the cache. In a file they begin anywhere, and each vector that spans two lines costs a
/// second read: products of one row, which read their weights in place, took up to twice as long.
/// </summary>
internal sealed class AlignedConstants
{
    /// <summary>Smaller ones take few vectors.</summary>
    private const long Least = 1 << 10;

    /// <summary>What comes from the second cache. Larger ones wait for memory, and are better shared with other processes.</summary>
    private const long Largest = 1 << 20;

    /// <summary>The most bytes that the copies of a program may take.</summary>
    private const long LargestTotal = 8 << 20;

    private long _total;

    /// <summary>The constant itself, or a copy of it.</summary>
    public Tensor Of(Tensor constant)
    {
        BufferSlice data = constant.DType.HasFixedSize() ? constant.Data : default;
        if (data.Owner is not MappedFile || data.Offset % AlignedBuffer.Alignment == 0 || data.Length is < Least or > Largest || _total + data.Length > LargestTotal)
            return constant;
        _total += data.Length;
        var copy = new BufferSlice(new AlignedBuffer(data.Length), 0, data.Length);
        data.Copy(copy);
        return new Tensor(constant.DType, constant.Shape, copy);
    }
}
