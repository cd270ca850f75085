using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Runtime;

/// <summary>Elements made of others in order, as those are streamed.</summary>
/// <typeparam name="TFrom">The elements of the source.</typeparam>
/// <typeparam name="TTo">The elements of the result.</typeparam>
internal sealed class ConvertedBuffer<TFrom, TTo> : StreamedBuffer
    where TFrom : unmanaged
    where TTo : unmanaged
{
    private readonly BufferSlice _source;
    private readonly ElementConverter<TFrom, TTo> _convert;

    private ConvertedBuffer(BufferSlice source, ElementConverter<TFrom, TTo> convert)
        : base(source.Length / Unsafe.SizeOf<TFrom>() * Unsafe.SizeOf<TTo>()) => (_source, _convert) = (source, convert);

    /// <summary>A tensor of the shape of another, whose elements are converted when somebody reads them.</summary>
    public static Tensor Of(Tensor source, ElementConverter<TFrom, TTo> convert)
    {
        var buffer = new ConvertedBuffer<TFrom, TTo>(source.Data, convert);
        return new Tensor(DTypes.Of<TTo>(), source.Shape, new BufferSlice(buffer, 0, buffer.Length));
    }

    protected override void Stream(long offset, long count, BufferSlice.ChunkSink sink)
    {
        long at = offset / Unsafe.SizeOf<TTo>();
        TTo[] made = [];
        _source.Slice(at * Unsafe.SizeOf<TFrom>(), count / Unsafe.SizeOf<TTo>() * Unsafe.SizeOf<TFrom>()).Visit(bytes =>
        {
            ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(bytes);
            if (made.Length < from.Length)
            {
                ArrayPool<TTo>.Shared.Return(made);
                made = ArrayPool<TTo>.Shared.Rent(from.Length);
            }

            Span<TTo> to = made.AsSpan(0, from.Length);
            _convert(from, to, at);
            sink(MemoryMarshal.AsBytes(to));
            at += from.Length;
        });
        ArrayPool<TTo>.Shared.Return(made);
    }
}

/// <summary>Makes elements of others, the first of which is at a position of the tensor.</summary>
internal delegate void ElementConverter<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, long at);
