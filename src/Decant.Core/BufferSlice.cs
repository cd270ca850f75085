using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant;

/// <summary>A range of bytes with 64-bit offset and length, in a mapped file or an array. Never copied by slicing.</summary>
public readonly struct BufferSlice
{
    internal delegate void ChunkSink(ReadOnlySpan<byte> chunk);

    internal readonly BufferOwner? Owner;

    /// <summary>A range of an owner's bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the owner.</exception>
    public BufferSlice(BufferOwner owner, long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > owner.Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"[{offset}, +{length}) is not inside {owner.Length} bytes");
        Owner = owner;
        Offset = offset;
        Length = length;
    }

    /// <summary>All bytes of an array, not copied.</summary>
    public BufferSlice(byte[] bytes, string? name = null)
        : this(new ArrayBuffer(bytes, name), 0, bytes.Length)
    {
    }

    /// <summary>Offset of the first byte in its owner: for a file, the position in the file.</summary>
    public long Offset { get; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The file (or null) that the bytes lie in, for messages.</summary>
    public string? Name => Owner?.Name;

    /// <summary>A range of this slice.</summary>
    public BufferSlice Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"[{offset}, +{length}) is not inside {Length} bytes");
        return length == 0 && Owner is null ? this : new BufferSlice(Owner!, Offset + offset, length);
    }

    /// <summary>This slice from an offset to its end.</summary>
    public BufferSlice Slice(long offset) => Slice(offset, Length - offset);

    /// <summary>The bytes as one span.</summary>
    /// <exception cref="OverflowException">There are more than 2^31-1.</exception>
    public ReadOnlySpan<byte> Span => Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref Owner!.ByteAt(Offset), checked((int)Length));

    /// <summary>The bytes as elements; the length need not be a multiple of the element's size.</summary>
    /// <exception cref="OverflowException">There are more than 2^31-1 elements.</exception>
    public ReadOnlySpan<T> As<T>()
        where T : unmanaged =>
        Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref Owner!.ByteAt(Offset)), checked((int)(Length / Unsafe.SizeOf<T>())));

    internal Span<T> AsMutable<T>()
        where T : unmanaged =>
        Length == 0 ? default : MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref Owner!.ByteAt(Offset)), checked((int)(Length / Unsafe.SizeOf<T>())));

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>Copies the first bytes into memory of the caller; bytes of a file are read, not mapped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than <paramref name="target"/> takes.</exception>
    public void Read(Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Length, Length, nameof(target));
        if (target.Length > 0)
            Owner!.Read(Offset, target);
    }

    /// <summary>Whether two slices have the same bytes; those of a file are read, not mapped, as far as they are equal.</summary>
    public bool SequenceEqual(BufferSlice other)
    {
        const int Chunk = 1 << 16;
        if (Length != other.Length)
            return false;
        if (Length == 0 || (Owner == other.Owner && Offset == other.Offset))
            return true;
        byte[] mine = ArrayPool<byte>.Shared.Rent((int)Math.Min(Chunk, Length)), others = ArrayPool<byte>.Shared.Rent(mine.Length);
        bool equal = true;
        for (long at = 0; equal && at < Length; at += Chunk)
        {
            int count = (int)Math.Min(Chunk, Length - at);
            Slice(at).Read(mine.AsSpan(0, count));
            other.Slice(at).Read(others.AsSpan(0, count));
            equal = mine.AsSpan(0, count).SequenceEqual(others.AsSpan(0, count));
        }

        ArrayPool<byte>.Shared.Return(mine);
        ArrayPool<byte>.Shared.Return(others);
        return equal;
    }

    /// <summary>Copies the bytes to writable ones of as many.</summary>
    internal void Copy(BufferSlice target)
    {
        for (long at = 0; at < Length; at += int.MaxValue)
        {
            long count = Math.Min(int.MaxValue, Length - at);
            Slice(at, count).Span.CopyTo(target.Slice(at, count).AsMutable<byte>());
        }
    }

    /// <summary>Writes the bytes to a stream in chunks; bytes of a file are read, not mapped, so memory stays small.</summary>
    public void CopyTo(Stream stream)
    {
        if (Length > 0)
            Owner!.CopyTo(Offset, Length, stream.Write);
    }

    /// <summary>Hands the bytes to <paramref name="visit"/> in chunks, in order, as <see cref="CopyTo"/> does.</summary>
    public void Visit(Action<ReadOnlySpan<byte>> visit)
    {
        if (Length > 0)
            Owner!.CopyTo(Offset, Length, chunk => visit(chunk));
    }
}
