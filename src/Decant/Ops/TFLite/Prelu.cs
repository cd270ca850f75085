using Decant.Kernels.Elementwise;
using Decant.Kernels.Quantized;
using Decant.Ops.Arithmetic;

namespace Decant.Ops.TFLite;

/// <summary>PRELU: x where it is positive, else x * alpha, alpha broadcast.</summary>
internal static class Prelu
{
    private const int MostChannels = 1 << 14;

    public static Kernel Prepare(KernelRequest request)
    {
        if (!request.IsQuantized(0))
            return ElementKernels.Choose(request, request.InputType(0), d => d == DType.Float32 ? new BinaryKernel<float, PreluOperator<float>>() : null);
        (QuantParams x, QuantParams alpha, QuantParams output) = (request.InputQuant(0), request.InputQuant(1), request.OutputQuant());
        FixedPoint positive = FixedPoint.Of((double)(x.Scale / output.Scale));
        FixedPoint negative = FixedPoint.Of((double)(x.Scale * alpha.Scale / output.Scale));
        int Result(int a, int b) => a - x.ZeroPoint is var value && value >= 0
            ? positive.Times(value) + output.ZeroPoint : negative.Times(value * (b - alpha.ZeroPoint)) + output.ZeroPoint;
        Kernel pairs = Pairs.Integers(request, Result);
        return AreBytes(request) && request.ConstantSource(1)?.Invoke() is { } alphas && alphas.ElementCount is > 0 and <= MostChannels && IsPerChannel(alphas.Shape)
            ? new Tables(request, alphas, Result, pairs) : pairs;
    }

    private static bool AreBytes(KernelRequest request) =>
        request.InputType(0) is DType.Int8 or DType.UInt8 && request.InputType(1) is DType.Int8 or DType.UInt8 && request.OutputType() is DType.Int8 or DType.UInt8;

    private static bool IsPerChannel(Shape shape) => shape.Rank > 0 && shape.ElementCount == shape[-1];

    /// <summary>Bytes with a constant alpha per channel: a table of the 256 results of each.</summary>
    private sealed class Tables : Kernel
    {
        private readonly Kernel _pairs;
        private readonly DType _output;
        private readonly int _channels, _rank;
        private readonly byte[] _tables;

        public Tables(KernelRequest request, Tensor alphas, Func<int, int, int> function, Kernel pairs)
        {
            (_pairs, _output, _channels, _rank) = (pairs, request.OutputType(), (int)alphas.ElementCount, alphas.Shape.Rank);
            (int min, int max) = Quantizing.Range(_output);
            bool isSigned = request.InputType(0) == DType.Int8;
            _tables = new byte[_channels * 256];
            for (int i = 0; i < _tables.Length; i++)
            {
                int x = isSigned ? (sbyte)i : (byte)i, alpha = alphas.DType == DType.Int8 ? alphas.Span<sbyte>()[i / 256] : alphas.Span<byte>()[i / 256];
                _tables[i] = (byte)Math.Clamp(function(x, alpha), min, max);
            }
        }

        public override void Run(KernelContext context)
        {
            Tensor x = context.Input(0);
            if (x.Shape.Rank < _rank || x.Shape[-1] != _channels)
            {
                _pairs.Run(context);
                return;
            }

            ByteTable.RunChannels(x.Data.Span, _tables, _channels, context.Allocate(0, _output, x.Shape).Data.AsMutable<byte>(), context.Pool);
        }
    }
}
