using Decant.Kernels.Elementwise;
using Decant.Kernels.Gemm;
using Decant.Kernels.Threading;

namespace Decant.Ops.NN;

/// <summary>What an epilogue does behind the bias and the residual, where a kernel has only made the sum.</summary>
internal static class EpilogueTail
{
    public static void Apply(Span<float> y, in Epilogue<float> epilogue, WorkerPool pool)
    {
        switch (epilogue.Activation)
        {
            case Activation.Relu:
                Unary.Run(y, y, default(ReluOperator<float>), pool);
                break;
            case Activation.Relu6:
                Unary.Run(y, y, default(Relu6Operator<float>), pool);
                break;
            case Activation.ReluN1To1:
                Unary.Run(y, y, default(ReluN1To1Operator<float>), pool);
                break;
        }

        for (int i = 0; i < y.Length && !epilogue.Slopes.IsEmpty; i++)
            y[i] = default(PreluOperator<float>).Invoke(y[i], epilogue.Slopes[i % epilogue.Slopes.Length]);
        for (int i = 0; i < y.Length && !epilogue.Scale.IsEmpty; i++)
            y[i] = (y[i] * epilogue.Scale[i % epilogue.Scale.Length]) + epilogue.Shift[i % epilogue.Shift.Length];
        for (int i = 0; i < y.Length && epilogue.Swish.Factor != 0; i++)
            y[i] = y[i] * epilogue.Swish.Factor * Math.Clamp(y[i] + epilogue.Swish.Offset, 0, 6);
    }
}
