using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>CONCATENATION along an axis; inputs of uint8 with other scales than the output are rescaled in float.</summary>
internal static class Concatenation
{
    public static Kernel Prepare(KernelRequest request)
    {
        Tensor axis = Tensor.Scalar((int)request.Attributes.Int("axis"));
        Kernel concat = new Translation(request, "ConcatV2").All().In(axis).Type("T", 0).Set("N", request.InputCount).Set("Tidx", DType.Int32).Prepare();
        if (request.OutputType() != DType.UInt8)
            return request.OutputType() is DType.Float32 or DType.Float16 ? Activated.Of(request, concat) : concat;
        QuantParams output = request.OutputQuant();
        byte[]?[] tables = [.. Enumerable.Range(0, request.InputCount).Select(i => request.InputQuant(i) is var input && input == output ? null : Table(input, output))];
        if (Array.TrueForAll(tables, t => t is null))
            return concat;
        Rescaling? last = null;
        return Kernel.Of(context => concat.Run(last is { } known && known.Wraps(context) ? known : last = new Rescaling(context, tables)));
    }

    /// <summary>What bytes of one scale are in another.</summary>
    private static byte[] Table(QuantParams input, QuantParams output)
    {
        float inverse = 1f / output.Scale, scale = input.Scale * inverse, bias = -input.ZeroPoint * scale;
        return [.. Enumerable.Range(0, 256).Select(x => (byte)Math.Clamp((int)MathF.Round((x * scale) + bias, MidpointRounding.AwayFromZero) + output.ZeroPoint, 0, 255))];
    }

    private sealed class Rescaling(KernelContext inner, byte[]?[] tables) : ContextWrapper(inner)
    {
        public override T Derived<TKernel, T>(TKernel kernel, Func<TKernel, KernelContext, T> derive, uint values = 0) => Inner.Derived(kernel, derive, values);

        public override Tensor Input(int index)
        {
            Tensor input = Inner.Input(index);
            if (tables[index] is not { } table || input.DType != DType.UInt8)
                return input;
            Tensor rescaled = Inner.Scratch(input.DType, input.Shape);
            ByteTable.Run(input.Span<byte>(), table, Inner.Writable<byte>(rescaled), Inner.Pool);
            return rescaled;
        }
    }
}
