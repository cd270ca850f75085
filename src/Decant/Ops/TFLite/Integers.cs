using System.Numerics;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>Kernels on the integers of quantized tensors, written once for all of their types.</summary>
internal static class Integers
{
    /// <summary>Maps each element; results are cut to the type of the output.</summary>
    public static Kernel Map(KernelRequest request, Func<int, int> function)
    {
        DType from = request.InputType(0), to = request.OutputType();
        (int min, int max) = Quantizing.Range(to);
        if (from is DType.Int8 or DType.UInt8)
        {
            // All results there are, by the byte of the element.
            int[] table = new int[256];
            for (int i = 0; i < table.Length; i++)
                table[i] = Math.Clamp(function(from == DType.Int8 ? (sbyte)i : i), min, max);
            byte[]? bytes = to.Size() == 1 ? Array.ConvertAll(table, value => (byte)value) : null;
            return Kernel.Of(context => Look(context, table, bytes, to));
        }

        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            Tensor output = context.Allocate(0, to, input.Shape);
            Span<int> wide = context.Writable<int>(context.Scratch(DType.Int32, input.Shape));
            Widen(input, wide);
            foreach (ref int x in wide)
                x = Math.Clamp(function(x), min, max);
            Narrow(wide, output);
        });
    }

    /// <summary>An element of an integer tensor of at most 32 bits.</summary>
    public static int Load(Tensor tensor, int index) => tensor.DType switch
    {
        DType.Int8 or DType.Int4 or DType.Int2 => tensor.Span<sbyte>()[index],
        DType.UInt8 or DType.UInt4 => tensor.Span<byte>()[index],
        DType.Int16 => tensor.Span<short>()[index],
        _ => tensor.Span<int>()[index],
    };

    /// <summary>Writes an element.</summary>
    public static void Store(Tensor tensor, int index, int value)
    {
        switch (tensor.DType)
        {
            case DType.Int8 or DType.Int4 or DType.Int2:
                tensor.Mutable<sbyte>()[index] = (sbyte)value;
                break;
            case DType.UInt8 or DType.UInt4:
                tensor.Mutable<byte>()[index] = (byte)value;
                break;
            case DType.Int16:
                tensor.Mutable<short>()[index] = (short)value;
                break;
            default:
                tensor.Mutable<int>()[index] = value;
                break;
        }
    }

    /// <summary>All elements, widened.</summary>
    public static void Widen(Tensor tensor, Span<int> to)
    {
        switch (tensor.DType)
        {
            case DType.Int8 or DType.Int4 or DType.Int2:
                Widen(tensor.Span<sbyte>(), to);
                break;
            case DType.UInt8 or DType.UInt4:
                Widen(tensor.Span<byte>(), to);
                break;
            case DType.Int16:
                Widen(tensor.Span<short>(), to);
                break;
            default:
                tensor.Span<int>().CopyTo(to);
                break;
        }
    }

    /// <summary>All elements, widened, in scratch memory.</summary>
    public static ReadOnlySpan<int> Wide(KernelContext context, Tensor tensor)
    {
        if (tensor.DType == DType.Int32)
            return tensor.Span<int>();
        Span<int> wide = context.Writable<int>(context.Scratch(DType.Int32, tensor.Shape));
        Widen(tensor, wide);
        return wide;
    }

    /// <summary>Writes all elements, which must be in the range of the type.</summary>
    public static void Narrow(ReadOnlySpan<int> from, Tensor to)
    {
        switch (to.DType)
        {
            case DType.Int8:
                Narrow(from, to.Mutable<sbyte>());
                break;
            case DType.UInt8:
                Narrow(from, to.Mutable<byte>());
                break;
            case DType.Int16:
                Narrow(from, to.Mutable<short>());
                break;
            default:
                from.CopyTo(to.Mutable<int>());
                break;
        }
    }

    private static void Widen<T>(ReadOnlySpan<T> from, Span<int> to)
        where T : IBinaryInteger<T>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = int.CreateTruncating(from[i]);
    }

    private static void Narrow<T>(ReadOnlySpan<int> from, Span<T> to)
        where T : IBinaryInteger<T>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = T.CreateTruncating(from[i]);
    }

    private static void Look(KernelContext context, int[] table, byte[]? bytes, DType to)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<byte> x = input.Data.Span;
        Tensor output = context.Allocate(0, to, input.Shape);
        if (bytes is not null)
        {
            ByteTable.Run(x, bytes, output.Data.AsMutable<byte>(), context.Pool);
            return;
        }

        for (int i = 0; i < x.Length; i++)
            Store(output, i, table[x[i]]);
    }
}
