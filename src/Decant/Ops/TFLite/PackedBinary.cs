using Decant.Kernels.Elementwise;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>ADD, SUB and MUL of quantized tensors of 8 or 16 bits.</summary>
internal sealed class PackedBinary : Kernel
{
    private readonly IntegerBinary _binary;
    private readonly DType _output;

    public PackedBinary(KernelRequest request, IntegerBinaryOp op, int bits, (FixedPoint A, FixedPoint B, FixedPoint Y) factors, (int Min, int Max) bounds)
    {
        _output = request.OutputType();
        var output = new QuantizedOutput(Quantizing.Kind(_output), request.OutputQuant().ZeroPoint, bounds.Min, bounds.Max, Rounding.AwayFromZero);
        _binary = new IntegerBinary(op, Form(request, 0), Form(request, 1), bits, factors.A, factors.B, factors.Y, output);
    }

    /// <summary>Whether the types are of 8 or 16 bits.</summary>
    public static bool Takes(KernelRequest request) => IsTaken(request.InputType(0)) && IsTaken(request.InputType(1)) && IsTaken(request.OutputType());

    public override void Run(KernelContext context)
    {
        Plan plan = context.Derived(this, static (_, c) => new Plan(Broadcasting.Of(c, c.Shape(0), c.Shape(1)), BroadcastPlan.Create(c.Shape(0).Dims, c.Shape(1).Dims)));
        Tensor output = context.Allocate(0, _output, plan.Shape);
        _binary.Run(context.Input(0).Data.Span, context.Input(1).Data.Span, output.Data.AsMutable<byte>(), plan.Broadcast, context.Pool);
    }

    private static bool IsTaken(DType type) => type is DType.Int8 or DType.UInt8 or DType.Int16;

    private static ActivationForm Form(KernelRequest request, int input) => new(Quantizing.Kind(request.InputType(input)), request.InputQuant(input).ZeroPoint);

    private sealed record Plan(Shape Shape, BroadcastPlan Broadcast);
}
