namespace Decant.Ops.Images;

/// <summary>
/// (x - mean)·factor + mean, the mean of each channel of each image [.., H, W, C]. float16 and float32; the first version takes any real type, gives
/// float32, and clips to inputs 2 and 3.
/// </summary>
internal sealed class AdjustContrast(string name) : Op(name), IInfersFacts, IHasKernel
{
    private bool Clips => Name.Name == "AdjustContrast";

    public void Infer(InferenceContext context) => context.Set(0, Clips ? DType.Float32 : context.Input(0).DType, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = Clips ? DType.Float32 : request.ElementType();
        return dtype.WorkType() == DType.Float32 ? Kernel.Of(context => Run(context, dtype)) : throw request.NoKernel($"for {dtype.Name()}");
    }

    private void Run(KernelContext context, DType dtype)
    {
        Shape shape = context.Shape(0);
        if (shape.Rank < 3)
            throw context.Fail($"has images of shape {shape}, expected rank 3 or more");
        if (context.Input(1).Span<float>() is not [var factor])
            throw context.Fail($"input 1 has shape {context.Shape(1)}, expected a scalar");
        (float least, float most) = (float.NegativeInfinity, float.PositiveInfinity);
        if (Clips)
            (least, most) = context.Input(2).Span<float>() is [var low] && context.Input(3).Span<float>() is [var high] ? (low, high) : throw context.Fail("has clip values that are no scalars");
        ReadOnlySpan<float> x = (Clips ? context.Float32(context.Input(0)) : context.WorkInput(0)).Span<float>();
        Tensor output = context.BeginOutput(0, dtype, shape);
        Span<float> y = context.Writable<float>(output);
        int channels = (int)shape[-1];
        int image = (int)(shape[-3] * shape[-2]) * channels;
        double[] means = new double[channels];
        for (int start = 0; start < y.Length; start += image)
        {
            Array.Clear(means);
            for (int i = 0; i < image; i++)
                means[i % channels] += x[start + i];
            for (int c = 0; c < channels; c++)
                means[c] /= image / channels;
            for (int i = 0; i < image; i++)
            {
                float mean = (float)means[i % channels];
                y[start + i] = Math.Max(Math.Min(((x[start + i] - mean) * factor) + mean, most), least);
            }
        }

        context.EndOutput(0, dtype, output);
    }
}
