using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Padding with zero, which is the zero point in quantized tensors.</summary>
internal static class Padding
{
    /// <summary>A tensor of rank 0 that stands for the real number 0 in the type of an output.</summary>
    public static Tensor Zero(KernelRequest request)
    {
        int zero = request.OutputSpec().Quantization is { HasScale: true } ? request.OutputQuant().ZeroPoint : 0;
        return request.OutputType() switch
        {
            DType.Int8 => Tensor.Scalar((sbyte)zero),
            DType.UInt8 => Tensor.Scalar((byte)zero),
            DType.Int16 => Tensor.Scalar((short)zero),
            var other => new Tensor(other, Shape.Scalar, new BufferSlice(new byte[Math.Max(1, other.Size())])),
        };
    }

    public static Kernel Pad(KernelRequest request) =>
        new Translation(request, "PadV2").In(0, 1).In(Zero(request)).Type("T", 0).Type("Tpaddings", 1).Prepare();

    /// <summary>SPACE_TO_BATCH_ND: quantized input is padded with its zero point first.</summary>
    public static Kernel SpaceToBatch(KernelRequest request)
    {
        if (!request.IsQuantized(0) || request.OutputQuant().ZeroPoint == 0)
            return new Translation(request, "SpaceToBatchND").In(0, 1, 2).Type("T", 0).Type("Tblock_shape", 1).Type("Tpaddings", 2).Prepare();
        Kernel move = new Translation(request, "SpaceToBatchND").In(0, 1, 2).Type("T", 0).Type("Tblock_shape", 1).Type("Tpaddings", 2).Prepare();
        int zero = request.OutputQuant().ZeroPoint;

        // Elements are moved with the zero point taken off, so that what is padded with 0 stands for it.
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            Tensor shifted = context.Scratch(input.DType, input.Shape);
            ReadOnlySpan<byte> from = input.Data.Span;
            Span<byte> to = context.Writable<byte>(shifted.Reinterpreted(DType.UInt8));
            for (int i = 0; i < to.Length; i++)
                to[i] = (byte)(from[i] - zero);
            var moved = new Shifting(context, shifted);
            move.Run(moved);
            foreach (ref byte x in context.Writable<byte>(moved.Output!.Reinterpreted(DType.UInt8)))
                x = (byte)(x + zero);
        });
    }

    private sealed class Shifting(KernelContext inner, Tensor input) : ContextWrapper(inner)
    {
        public Tensor? Output { get; private set; }

        public override Tensor Input(int index) => index == 0 ? input : Inner.Input(index);

        public override Tensor Allocate(int port, DType dtype, Shape shape) => Output = Inner.Allocate(port, dtype, shape);
    }
}
