using Decant.IR;

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
        QuantParams[] inputs = [.. Enumerable.Range(0, request.InputCount).Select(i => request.InputQuant(i))];
        return Array.TrueForAll(inputs, q => q == output) ? concat : Kernel.Of(context => concat.Run(new Rescaling(context, inputs, output)));
    }

    private sealed class Rescaling(KernelContext inner, QuantParams[] inputs, QuantParams output) : ContextWrapper(inner)
    {
        public override Tensor Input(int index)
        {
            Tensor input = Inner.Input(index);
            if (inputs[index] == output || input.DType != DType.UInt8)
                return input;
            Tensor rescaled = Inner.Scratch(input.DType, input.Shape);
            Span<byte> to = Inner.Writable<byte>(rescaled);
            ReadOnlySpan<byte> from = input.Span<byte>();
            float inverse = 1f / output.Scale;
            float scale = inputs[index].Scale * inverse;
            float bias = -inputs[index].ZeroPoint * scale;
            for (int i = 0; i < to.Length; i++)
                to[i] = (byte)Math.Clamp((int)MathF.Round((from[i] * scale) + bias, MidpointRounding.AwayFromZero) + output.ZeroPoint, 0, 255);
            return rescaled;
        }
    }
}
