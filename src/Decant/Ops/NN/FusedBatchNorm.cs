using Decant.IR;
using Decant.Kernels.Norm;

namespace Decant.Ops.NN;

/// <summary>
/// y = (x - mean)·scale / sqrt(variance + epsilon) + offset per channel of x [N, .., C] (or NC..). Inference takes mean and variance
/// from inputs 3 and 4 and hands them on. Training takes them from the batch; <c>batch_variance</c> is then unbiased (·n / (n - 1)),
/// both mixed with the inputs by <c>exponential_avg_factor</c>, and the reserve spaces hold the batch's own mean and variance.
/// </summary>
internal sealed class FusedBatchNorm(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape x = context.Shape(0);
        if (x.HasRank && x.Rank is not (4 or 5))
            throw context.Fail($"has an x of shape {x}, expected rank 4 or 5");
        Shape channels = x.HasRank ? new Shape(x[Layout.Read(context.Node, x.Rank - 2).Channel]) : Shape.OfRank(1);
        if (channels[0] < 0 && context.Shape(1).Rank == 1)
            channels = context.Shape(1);
        context.Set(0, context.Input(0).DType, x);
        for (int port = 1; port < 5; port++)
            context.Set(port, context.Input(1).DType, channels);
        if (Name.Name == "FusedBatchNormV3")
            context.Set(5, context.Input(1).DType, Shape.Scalar);
    }

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        float epsilon = attributes.Float("epsilon");
        float factor = attributes.Has("exponential_avg_factor") ? attributes.Float("exponential_avg_factor") : 1;
        bool training = attributes.Bool("is_training");
        bool sixth = Name.Name == "FusedBatchNormV3";
        DType dtype = request.ElementType();
        if (dtype is not (DType.Float32 or DType.Float16 or DType.BFloat16))
            throw request.NoKernel($"for {dtype.Name()}");
        int outputs = request.UsedOutputs;
        if (!training && outputs <= 1 && dtype == DType.Float32)
            return new Inference(request.Attributes.Has("data_format") && request.Attributes.String("data_format") is "NCHW" or "NCDHW", epsilon);
        return Kernel.Of(context => Run(context, epsilon, training ? factor : 0, training, sixth));
    }

    private static void Run(KernelContext context, float epsilon, float factor, bool training, bool sixth)
    {
        Shape shape = context.Shape(0);
        if (shape.Rank is not (4 or 5))
            throw context.Fail($"has an x of shape {shape}, expected rank 4 or 5");
        Layout layout = Layout.Read(context.Node, shape.Rank - 2);
        int channels = (int)shape[layout.Channel];
        ReadOnlySpan<float> x = context.WorkInput(0).Span<float>();
        ReadOnlySpan<float> scale = PerChannel(context, 1, channels);
        ReadOnlySpan<float> offset = PerChannel(context, 2, channels);
        int step = 1;
        for (int i = layout.Channel + 1; i < shape.Rank; i++)
            step *= (int)shape[i];

        float[] means = new float[channels];
        float[] variances = new float[channels];
        float[] runningMeans;
        float[] runningVariances;
        if (training)
        {
            Moments(x, channels, step, means, variances);
            double count = x.Length / Math.Max(1, channels);
            double adjust = count / Math.Max(1, count - 1);
            runningMeans = [.. means];
            runningVariances = [.. variances.Select(v => (float)(v * adjust))];
            if (factor != 1)
            {
                Mix(runningMeans, PerChannel(context, 3, channels), factor);
                Mix(runningVariances, PerChannel(context, 4, channels), factor);
            }
        }
        else
        {
            PerChannel(context, 3, channels).CopyTo(means);
            PerChannel(context, 4, channels).CopyTo(variances);
            (runningMeans, runningVariances) = (means, variances);
        }

        float[] multipliers = new float[channels];
        for (int c = 0; c < channels; c++)
            multipliers[c] = scale[c] / MathF.Sqrt(variances[c] + epsilon);
        DType dtype = context.Input(0).DType;
        Tensor output = context.BeginOutput(0, dtype, shape);
        Span<float> y = context.Writable<float>(output);
        if (step == 1)
        {
            for (int i = 0; i < y.Length; i += channels)
            {
                for (int c = 0; c < channels; c++)
                    y[i + c] = ((x[i + c] - means[c]) * multipliers[c]) + offset[c];
            }
        }
        else
        {
            for (int i = 0; i < y.Length; i++)
            {
                int c = i / step % channels;
                y[i] = ((x[i] - means[c]) * multipliers[c]) + offset[c];
            }
        }

        context.EndOutput(0, dtype, output);
        Give(context, 1, runningMeans);
        Give(context, 2, runningVariances);
        Give(context, 3, means);
        Give(context, 4, variances);
        if (sixth)
            context.SetOutput(5, context.Input(1).DType == DType.BFloat16 ? Tensor.Scalar(default(BFloat16)) : Tensor.Scalar(0f));
    }

    /// <summary>Mean and biased variance per channel, summed in float64; NaN when there is nothing to sum.</summary>
    private static void Moments(ReadOnlySpan<float> x, int channels, int step, float[] means, float[] variances)
    {
        double[] sums = new double[channels];
        double count = x.Length / Math.Max(1, channels);
        for (int i = 0; i < x.Length; i++)
            sums[i / step % channels] += x[i];
        for (int c = 0; c < channels; c++)
            sums[c] /= count;
        double[] squares = new double[channels];
        for (int i = 0; i < x.Length; i++)
        {
            double deviation = x[i] - sums[i / step % channels];
            squares[i / step % channels] += deviation * deviation;
        }

        for (int c = 0; c < channels; c++)
            (means[c], variances[c]) = ((float)sums[c], (float)(squares[c] / count));
    }

    private static void Mix(float[] fresh, ReadOnlySpan<float> running, float factor)
    {
        for (int c = 0; c < fresh.Length; c++)
            fresh[c] = ((1 - factor) * running[c]) + (factor * fresh[c]);
    }

    private static ReadOnlySpan<float> PerChannel(KernelContext context, int input, int channels)
    {
        ReadOnlySpan<float> values = context.WorkInput(input).Span<float>();
        return values.Length == channels ? values : throw context.Fail($"input {input} has shape {context.Shape(input)}, expected [{channels}]");
    }

    private static void Give(KernelContext context, int port, float[] values)
    {
        DType dtype = context.Input(1).DType;
        Tensor output = context.BeginOutput(port, dtype, new Shape(values.Length));
        values.CopyTo(context.Writable<float>(output));
        context.EndOutput(port, dtype, output);
    }

    /// <summary>float32 by given moments, of which nobody reads anything but the result.</summary>
    private sealed class Inference(bool channelsFirst, float epsilon) : Kernel
    {
        public override bool MayOverwrite(int input) => input == 0;

        public override void Run(KernelContext context)
        {
            Shape shape = context.Shape(0);
            if (shape.Rank is not (4 or 5))
                throw context.Fail($"has an x of shape {shape}, expected rank 4 or 5");
            int channels = (int)shape[channelsFirst ? 1 : shape.Rank - 1];
            ReadOnlySpan<float> x = context.Input(0).Span<float>(), offset = PerChannel(context, 2, channels), mean = PerChannel(context, 3, channels);
            ReadOnlySpan<float> scale = PerChannel(context, 1, channels), variance = PerChannel(context, 4, channels);
            Span<float> y = context.Writable<float>(context.Allocate(0, DType.Float32, shape));
            if (y.IsEmpty)
                return;
            if (!channelsFirst)
            {
                BatchNorm.Inference(x, scale, offset, mean, variance, y, y.Length / channels, channels, epsilon, context.Pool);
                return;
            }

            int step = y.Length / channels / (int)shape[0];
            for (int i = 0; i < y.Length; i += step)
            {
                int c = i / step % channels;
                float factor = scale[c] / MathF.Sqrt(variance[c] + epsilon), shift = offset[c] - (mean[c] * factor);
                for (int j = i; j < i + step; j++)
                    y[j] = (x[j] * factor) + shift;
            }
        }
    }
}
