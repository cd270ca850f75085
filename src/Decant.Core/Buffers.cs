using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant;

/// <summary>
/// Memory that <see cref="BufferSlice"/>s point into: a mapped file, an array. Slices keep it alive; reading through a slice after
/// <see cref="IDisposable.Dispose"/> throws <see cref="ObjectDisposedException"/>. Spans keep an array alive too, but not a mapped
/// file: that is to be kept, by its model, for as long as they are read.
/// </summary>
public abstract unsafe class BufferOwner : IDisposable
{
    /// <summary>Where the first byte is in <see cref="Array"/>.</summary>
    private nint _origin;

    /// <summary>The first byte of what is not managed memory; null once disposed.</summary>
    protected byte* Start { get; set; }

    /// <summary>The managed array that holds the bytes, if they are in managed memory.</summary>
    protected internal Array? Array { get; set; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; protected set; }

    /// <summary>What to call the memory in messages: the file's path, or null.</summary>
    public virtual string? Name => null;

    internal ref byte ByteAt(long offset)
    {
        if (Array is { } array)
            return ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(array), _origin + (nint)offset);
        if (Start is null)
            return ref Loaded(offset);
        return ref Start[offset];
    }

    /// <summary>All bytes, for an owner that has them nowhere before one is asked for; null where they were released.</summary>
    internal virtual Array? Load() => null;

    /// <summary>Whether the bytes are nowhere yet, and are made or gathered whenever they are read.</summary>
    internal virtual bool IsStreamed => false;

    /// <summary>Lets go of what can be read again: pages of a map stop being resident memory of this process.</summary>
    internal virtual void Forget()
    {
    }

    /// <summary>Copies bytes without touching a map.</summary>
    internal virtual void Read(long offset, Span<byte> target) => MemoryMarshal.CreateReadOnlySpan(ref ByteAt(offset), target.Length).CopyTo(target);

    /// <summary>Copies bytes to a stream without touching a map, so that they do not become resident memory of this process.</summary>
    internal virtual void CopyTo(long offset, long count, BufferSlice.ChunkSink sink)
    {
        const int Chunk = 1 << 20;
        while (count > 0)
        {
            int n = (int)Math.Min(count, Chunk);
            sink(MemoryMarshal.CreateReadOnlySpan(ref ByteAt(offset), n));
            offset += n;
            count -= n;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the memory back.</summary>
    protected virtual void Dispose(bool disposing)
    {
        Start = null;
        Array = null;
    }

    /// <summary>
    /// Takes managed memory that does not move, aligned to <see cref="AlignedBuffer.Alignment"/>. Not native memory: what is freed by a
    /// finalizer is freed while a span of it is read, where nobody holds more than the span.
    /// </summary>
    /// <param name="length">How many bytes.</param>
    /// <param name="zeroed">Whether they are to be zero.</param>
    /// <exception cref="OutOfMemoryException">The system does not give that much, or has not that much in all.</exception>
    private protected void Allocate(long length, bool zeroed = false)
    {
        // Lines of 64 bytes, so that one array may be longer than 2 GB; two more than are full, for the rest and as arrays are aligned to 8 bytes.
        long lines = (length / sizeof(CacheLine)) + 2;
        if (length > Free())
            GC.Collect();
        if (length > Free() || lines > System.Array.MaxLength)
            throw new OutOfMemoryException();
        CacheLine[] memory = zeroed ? GC.AllocateArray<CacheLine>((int)lines, pinned: true) : GC.AllocateUninitializedArray<CacheLine>((int)lines, pinned: true);
        _origin = -(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(memory)) & (sizeof(CacheLine) - 1);
        Array = memory;
        Length = length;

        static long Free() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(false);
    }

    private ref byte Loaded(long offset)
    {
        Array = Load() ?? throw new ObjectDisposedException(Name ?? GetType().Name, "the memory of this tensor was released: keep the model or session open while its tensors are used");
        return ref ByteAt(offset);
    }

    [StructLayout(LayoutKind.Sequential, Size = AlignedBuffer.Alignment)]
    private struct CacheLine;
}

/// <summary>Bytes in a managed array of any element type.</summary>
public sealed class ArrayBuffer : BufferOwner
{
    /// <summary>Wraps the array without copying it.</summary>
    public ArrayBuffer(byte[] array, string? name = null)
        : this(array, array.Length, name)
    {
    }

    private ArrayBuffer(Array array, long length, string? name)
    {
        Array = array;
        Length = length;
        Name = name;
    }

    /// <summary>Wraps an array of any element type without copying it.</summary>
    public static ArrayBuffer Of<T>(T[] array)
        where T : unmanaged => new(array, (long)array.Length * Unsafe.SizeOf<T>(), null);

    /// <inheritdoc />
    public override string? Name { get; }
}

/// <summary>A block of zeroed or uninitialized memory of its own, aligned to 64 bytes.</summary>
public sealed class AlignedBuffer : BufferOwner
{
    /// <summary>Alignment of the first byte: a cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates <paramref name="length"/> bytes.</summary>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public AlignedBuffer(long length, bool zeroed = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Allocate(length, zeroed);
    }
}
