namespace Decant.Ops.TFLite;

/// <summary>SOFTMAX and LOG_SOFTMAX along the last axis; quantized ones by tables of exponentials.</summary>
internal static class Softmax
{
    public static Kernel Prepare(KernelRequest request)
    {
        float beta = request.Attributes.Float("beta");
        if (!request.IsQuantized(0))
        {
            return ElementKernels.Choose(request, request.InputType(0), d => d != DType.Float32 ? null : Kernel.Of(context =>
            {
                ReadOnlySpan<float> x = context.Input(0).Span<float>();
                Span<float> y = context.Output<float>(0, context.Shape(0));
                int depth = Depth(context.Shape(0));
                Kernels.Reduce.Softmax.Run(x, y, depth == 0 ? 0 : y.Length / depth, depth, context.Pool, beta);
            }));
        }

        if (request.InputType(0) == DType.Int16)
            return Softmax16.Prepare(request, beta);
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        var exponentials = new Exponentials(input.Scale * beta);
        DType to = request.OutputType();
        (int min, int max) = Quantizing.Range(to);
        return Quantized(to, (x, result, start) =>
        {
            (int largest, float sum) = exponentials.Sum(x);
            float inverse = 1 / (sum * output.Scale);
            for (int i = 0; i < x.Length; i++)
                Integers.Store(result, start + i, Math.Clamp((int)((exponentials.Below(largest - x[i]) * inverse) + 0.5f) + output.ZeroPoint, min, max));
        });
    }

    public static Kernel PrepareLog(KernelRequest request)
    {
        if (!request.IsQuantized(0))
            return new Translation(request, "LogSoftmax").In(0).Type("T", 0).Prepare();
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        var exponentials = new Exponentials(input.Scale);
        DType to = request.OutputType();
        (int min, int max) = Quantizing.Range(to);
        return Quantized(to, (x, result, start) =>
        {
            (int largest, float sum) = exponentials.Sum(x);
            float precomputed = (input.Scale * largest) + MathF.Log(sum);
            for (int i = 0; i < x.Length; i++)
            {
                float value = ((input.Scale * x[i]) - precomputed) / output.Scale;
                Integers.Store(result, start + i, Math.Clamp((int)MathF.Round(value, MidpointRounding.ToEven) + output.ZeroPoint, min, max));
            }
        });
    }

    /// <summary>The exponentials of how far bytes of a scale lie below the largest of their row.</summary>
    private sealed class Exponentials(float scale)
    {
        private readonly float[] _table = [.. Enumerable.Range(0, 256).Select(i => MathF.Exp(-scale * i))];

        public float Below(int distance) => _table[distance];

        public (int Largest, float Sum) Sum(ReadOnlySpan<int> x)
        {
            int largest = x[0];
            foreach (int v in x)
                largest = Math.Max(largest, v);
            float sum = 0;
            foreach (int v in x)
                sum += _table[largest - v];
            return (largest, sum);
        }
    }

    /// <summary>Computes a row of integers into a part of the output.</summary>
    public delegate void IntegerRow(ReadOnlySpan<int> x, Tensor output, int start);

    /// <summary>A kernel on rows of integers.</summary>
    public static Kernel Quantized(DType to, IntegerRow run) => Kernel.Of(context =>
    {
        Tensor input = context.Input(0), output = context.Allocate(0, to, input.Shape);
        ReadOnlySpan<int> x = Integers.Wide(context, input);
        int depth = Depth(input.Shape);
        for (int start = 0; start < x.Length; start += depth)
            run(x.Slice(start, depth), output, start);
    });

    private static int Depth(Shape shape) => shape.Rank == 0 ? 1 : (int)shape[-1];
}
