namespace Decant.Ops.NN;

/// <summary>
/// The gradient of <c>FusedBatchNorm</c> for dy, x (in either layout), scale, and the mean and variance that the op kept (training: the batch's, biased;
/// else the given ones, which are constants). Gives dx, dscale = Σ dy·(x - mean)/σ, doffset = Σ dy, and two empty tensors.
/// float16, bfloat16, float32 with float32 statistics.
/// </summary>
internal sealed class FusedBatchNormGrad(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape x = context.Shape(1), channels = context.Shape(2);
        context.Set(0, context.Input(1).DType, x);
        context.Set(1, DType.Float32, channels);
        context.Set(2, DType.Float32, channels);
        context.Set(3, DType.Float32, new Shape(0));
        context.Set(4, DType.Float32, new Shape(0));
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.ElementType(1);
        (float epsilon, bool isTraining) = (request.Attributes.Float("epsilon"), request.Attributes.Bool("is_training"));
        return dtype.WorkType() == DType.Float32 ? Kernel.Of(context => Run(context, dtype, epsilon, isTraining)) : throw request.NoKernel($"for {dtype.Name()}");
    }

    private static void Run(KernelContext context, DType dtype, float epsilon, bool isTraining)
    {
        Shape shape = context.Shape(1);
        if (shape.Rank < 2 || context.Shape(0) != shape)
            throw context.Fail($"has gradients {context.Input(0)} for {context.Input(1)}, expected the same shape of rank 2 or more");
        Layout layout = Layout.Read(context.Node, shape.Rank - 2);
        for (int i = 2; i < 5; i++)
        {
            if (context.Shape(i) != new Shape(shape[layout.Channel]) || context.Input(i).DType != DType.Float32)
                throw context.Fail($"input {i} is {context.Input(i)}, expected float32[{shape[layout.Channel]}]");
        }

        ReadOnlySpan<float> dy = ChannelsLast.Read<float>(context, 0, layout), x = ChannelsLast.Read<float>(context, 1, layout);
        ReadOnlySpan<float> scale = context.Input(2).Span<float>(), mean = context.Input(3).Span<float>(), variance = context.Input(4).Span<float>();
        int channels = scale.Length;
        double[] sums = new double[channels], products = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % channels;
            sums[c] += dy[i];
            products[c] += (double)dy[i] * (x[i] - mean[c]);
        }

        Tensor work = ChannelsLast.Begin(context, 0, dtype, shape, layout);
        Span<float> dx = context.Writable<float>(work);
        Span<float> dscale = context.Output<float>(1, new Shape(channels)), doffset = context.Output<float>(2, new Shape(channels));
        double count = channels == 0 ? 0 : x.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            double inverse = 1 / Math.Sqrt(variance[c] + (double)epsilon);
            (dscale[c], doffset[c]) = ((float)(products[c] * inverse), (float)sums[c]);
            (double meanOf, double slope) = isTraining ? (sums[c] / count, products[c] / count * inverse * inverse) : (0, 0);
            for (int i = c; i < dx.Length; i += channels)
                dx[i] = (float)(scale[c] * inverse * (dy[i] - meanOf - ((x[i] - mean[c]) * slope)));
        }

        ChannelsLast.End<float>(context, 0, dtype, layout, work);
        for (int port = 3; port < 5; port++)
            context.Output<float>(port, new Shape(0));
    }
}
