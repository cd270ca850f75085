using Decant.Ops.Arrays;
using Decant.Ops.State;

namespace Decant.Ops.ControlFlow;

/// <summary>Tensors of zeros, or of empty strings.</summary>
internal static class Zeros
{
    /// <summary>Makes zeros an output.</summary>
    public static void SetOutput(KernelContext context, int port, DType dtype, Shape shape)
    {
        if (!dtype.HasFixedSize())
        {
            int count = ObjectCount.Of(context, dtype, shape);
            context.SetOutput(port, dtype == DType.String ? new Tensor(shape, new ReadOnlyMemory<byte>[count]) : new Tensor(dtype, shape, new object?[count]));
            return;
        }

        Bytes.Clear(context.Allocate(port, dtype, shape).Data);
    }
}
