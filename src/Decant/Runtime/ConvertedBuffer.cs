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
    private readonly int _unit;
    private readonly ElementConverter<TFrom, TTo> _convert;

    private ConvertedBuffer(BufferSlice source, int unit, ElementConverter<TFrom, TTo> convert)
        : base(source.Length / Unsafe.SizeOf<TFrom>() * Unsafe.SizeOf<TTo>()) => (_source, _unit, _convert) = (source, unit, convert);

    /// <summary>A tensor of the shape of another, whose elements are converted when somebody reads them.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="unit">So many elements from the first on are converted at once, and multiples of them; the tensor has whole units.</param>
    /// <param name="convert">Makes the elements of units.</param>
    public static Tensor Of(Tensor source, int unit, ElementConverter<TFrom, TTo> convert)
    {
        var buffer = new ConvertedBuffer<TFrom, TTo>(source.Data, unit, convert);
        return new Tensor(DTypes.Of<TTo>(), source.Shape, new BufferSlice(buffer, 0, buffer.Length));
    }

    protected override void Stream(long offset, long count, BufferSlice.ChunkSink sink)
    {
        long first = offset / Unsafe.SizeOf<TTo>(), end = first + (count / Unsafe.SizeOf<TTo>());
        long at = first / _unit * _unit, stop = (end + _unit - 1) / _unit * _unit;
        TTo[] made = [];
        TFrom[] part = _unit > 1 ? ArrayPool<TFrom>.Shared.Rent(_unit) : [];
        int held = 0;
        _source.Slice(at * Unsafe.SizeOf<TFrom>(), (stop - at) * Unsafe.SizeOf<TFrom>()).Visit(bytes =>
        {
            ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(bytes);
            if (held > 0)
            {
                int more = Math.Min(_unit - held, from.Length);
                from[..more].CopyTo(part.AsSpan(held));
                from = from[more..];
                held += more;
                if (held < _unit)
                    return;
                Make(part.AsSpan(0, held));
            }

            held = from.Length % _unit;
            Make(from[..^held]);
            from[^held..].CopyTo(part);
        });
        ArrayPool<TTo>.Shared.Return(made);
        ArrayPool<TFrom>.Shared.Return(part);

        void Make(ReadOnlySpan<TFrom> from)
        {
            if (made.Length < from.Length)
            {
                ArrayPool<TTo>.Shared.Return(made);
                made = ArrayPool<TTo>.Shared.Rent(from.Length);
            }

            Span<TTo> to = made.AsSpan(0, from.Length);
            _convert(from, to, at);
            long skipped = Math.Max(0, first - at);
            Span<TTo> asked = to[(int)Math.Min(skipped, to.Length)..(int)Math.Min(to.Length, end - at)];
            if (!asked.IsEmpty)
                sink(MemoryMarshal.AsBytes(asked));
            at += from.Length;
        }
    }
}

/// <summary>Makes elements of others, the first of which is at a position of the tensor.</summary>
internal delegate void ElementConverter<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to, long at);
