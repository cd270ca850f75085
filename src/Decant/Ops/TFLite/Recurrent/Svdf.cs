using System.Numerics;
using System.Numerics.Tensors;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// SVDF: features W x of each step go into a memory [batch, filters, steps], whose rows are multiplied with weights over time; each
/// unit sums as many filters as the rank.
/// </summary>
internal static class Svdf
{
    private const int Features = 1, Times = 2, Bias = 3, Memory = 4;

    public static Kernel Prepare(KernelRequest request)
    {
        int rank = (int)request.Attributes.Int("rank");
        if (rank < 1 || request.InputCount != 5)
            throw request.Fail($"has the rank {rank} and {request.InputCount} inputs, expected 1 or more and 5");
        if (request.InputType(0) == DType.Float32)
            return Floats(request, rank);
        return request.InputSpec(Memory)?.DType == DType.Int8 ? Integers<sbyte>(request, rank) : Integers<short>(request, rank);
    }

    private static Kernel Floats(KernelRequest request, int rank)
    {
        var features = new RecurrentWeights(request, Features);
        float timeScale = request.InputQuant(Times).Scale;
        bool isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs"), hasBias = request.HasInput(Bias);
        string activation = request.AnyActivation();
        var memory = new State<float>(Memory);
        var vectors = new RecurrentVectors(isAsymmetric);
        Reused<float> sums = new(), wide = new();
        return Kernel.Of(context =>
        {
            Sizes sizes = context.Derived(rank, static (rank, c) => Sizes.Of(c, rank));
            memory.Read(context, sizes.Memory);
            memory.Values.AsSpan(1).CopyTo(memory.Values);
            float[] newest = sums.Zeros(sizes.Batch * sizes.Filters);
            features.AddProduct(context, vectors.Set(context.Input(0).Span<float>(), (int)context.Shape(0)[1]), newest);
            for (int i = 0; i < newest.Length; i++)
                memory.Values[(i * sizes.Steps) + sizes.Steps - 1] = newest[i];
            Tensor times = context.Input(Times);
            ReadOnlySpan<float> weights = times.DType == DType.Float32 ? times.Span<float>() : Wide(times, timeScale, wide);
            Span<float> y = context.Output<float>(0, sizes.Output);
            ReadOnlySpan<float> bias = hasBias ? FloatConvolution.Bias(context, Bias, sizes.Units) : default;
            for (int i = 0; i < y.Length; i++)
            {
                float sum = 0;
                for (int r = 0; r < rank; r++)
                {
                    int filter = (i % sizes.Units * rank) + r, row = (i / sizes.Units * sizes.Filters) + filter;
                    sum += TensorPrimitives.Dot(weights.Slice(filter * sizes.Steps, sizes.Steps), memory.Values.AsSpan(row * sizes.Steps, sizes.Steps));
                }

                y[i] = sum + (bias.IsEmpty ? 0 : bias[i % sizes.Units]);
            }

            Activated.Apply(activation, y);
            memory.Write(context);
        });
    }

    /// <summary>Of 8 bits, with a memory of 16 bits and no zero point, or one of 8 bits, as TensorFlow Lite for Microcontrollers has it too.</summary>
    private static Kernel Integers<T>(KernelRequest request, int rank)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        (QuantParams input, QuantParams output, float memoryScale) = (request.InputQuant(0), request.OutputQuant(), request.InputQuant(Memory).Scale);
        FixedPoint feature = FixedPoint.Of((double)(input.Scale * request.InputQuant(Features).Scale / memoryScale));
        FixedPoint time = FixedPoint.Of((double)(memoryScale * request.InputQuant(Times).Scale / output.Scale));
        bool hasBias = request.HasInput(Bias);
        if (request.InputType(0) != DType.Int8)
            throw request.NoKernel($"for elements of type {request.InputType(0).Name()}");
        var featureWeights = new IntegerWeights(request, Features, isSymmetric: true);
        var timeWeights = new IntegerWeights(request, Times, isSymmetric: true);
        var memory = new State<T>(Memory);
        int zero = typeof(T) == typeof(sbyte) ? request.InputQuant(Memory).ZeroPoint : 0, least = int.CreateTruncating(T.MinValue), most = int.CreateTruncating(T.MaxValue);
        Reused<short> shorts = new(), remembered = new();
        return Kernel.Of(context =>
        {
            Sizes sizes = context.Derived(rank, static (rank, c) => Sizes.Of(c, rank));
            short[] x = Shorts.Into(context.Input(0), input.ZeroPoint, shorts.Of((int)context.Input(0).ElementCount)), weights = featureWeights.Read(context), times = timeWeights.Read(context);
            if (context.InputVariable(Memory).Value is { } value && value.DType != DTypes.Of<T>())
                throw context.Fail($"has the memory {value}, expected {DTypes.Of<T>().Name()}");
            memory.Read(context, sizes.Memory);
            memory.Values.AsSpan(1).CopyTo(memory.Values);
            int depth = (int)context.Shape(0)[1];
            for (int i = 0; i < sizes.Batch * sizes.Filters; i++)
            {
                int sum = IntegerDot.Sum(weights.AsSpan(i % sizes.Filters * depth, depth), x.AsSpan(i / sizes.Filters * depth, depth));
                memory.Values[(i * sizes.Steps) + sizes.Steps - 1] = T.CreateTruncating(zero + Math.Clamp(feature.Times(sum), least, most));
            }

            short[] values = remembered.Of(memory.Values.Length);
            for (int i = 0; i < values.Length; i++)
                values[i] = (short)(int.CreateTruncating(memory.Values[i]) - zero);
            Span<sbyte> y = context.Output<sbyte>(0, sizes.Output);
            ReadOnlySpan<int> bias = hasBias ? IntegerLstm.Biases(context, Bias, sizes.Units) : default;
            for (int i = 0; i < y.Length; i++)
            {
                int sum = bias.IsEmpty ? 0 : bias[i % sizes.Units];
                for (int r = 0; r < rank; r++)
                {
                    int filter = (i % sizes.Units * rank) + r, row = (i / sizes.Units * sizes.Filters) + filter;
                    sum = unchecked(sum + IntegerDot.Sum(times.AsSpan(filter * sizes.Steps, sizes.Steps), values.AsSpan(row * sizes.Steps, sizes.Steps)));
                }

                y[i] = (sbyte)Math.Clamp(time.Times(sum) + output.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            }

            memory.Write(context);
        });
    }

    /// <summary>Weights as the numbers that they stand for.</summary>
    private static float[] Wide(Tensor weights, float scale, Reused<float> into)
    {
        float[] wide = into.Of((int)weights.ElementCount);
        ReadOnlySpan<byte> bytes = weights.Data.Span;
        for (int i = 0; i < wide.Length; i++)
            wide[i] = scale * (sbyte)bytes[i];
        return wide;
    }

    private sealed record Sizes(int Batch, int Filters, int Steps, int Units)
    {
        public Shape Output { get; } = new(Batch, Units);

        public long Memory => (long)Batch * Filters * Steps;

        public static Sizes Of(KernelContext context, int rank)
        {
            Shape x = context.Shape(0), features = context.Shape(Features), times = context.Shape(Times);
            return x.Rank == 2 && features.Rank == 2 && times.Rank == 2 && features[1] == x[1] && times[0] == features[0] && features[0] % rank == 0 && times[1] > 0
                ? new Sizes((int)x[0], (int)features[0], (int)times[1], (int)features[0] / rank)
                : throw context.Fail($"has the input {context.Input(0)}, the weights {context.Input(Features)} and {context.Input(Times)} and the rank {rank}, expected [batch, in], [filters, in] and [filters, steps]");
        }
    }
}
