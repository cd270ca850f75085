namespace Decant.Ops.Images;

/// <summary>
/// Resamples images [N, H, W, C] of any real type to a size in float32: output pixel centre o shows the input at (o - translation) / scale,
/// weighted by <c>kernel_type</c>, which <c>antialias</c> widens when it shrinks; scale and translation are (y, x). Zero where that lies
/// outside the image.
/// </summary>
internal sealed class ScaleAndTranslate() : Op("ScaleAndTranslate"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.Float32, ImageShape.Infer(context, 1));

    public Kernel Prepare(KernelRequest request)
    {
        var kernel = SamplingKernel.Read(request.Node);
        bool antialias = request.Attributes.Bool("antialias");
        return Kernel.Of(context => Run(context, kernel, antialias));
    }

    private static void Run(KernelContext context, SamplingKernel kernel, bool antialias)
    {
        Shape images = ImageShape.Ranked(context.Node, context.Shape(0));
        (int height, int width) = ImageShape.Size(context, 1);
        _ = ImageShape.Geometry(context, images, height, width);
        if (context.Input(2).Span<float>() is not [> 0 and float scaleY, > 0 and float scaleX] || context.Input(3).Span<float>() is not [var moveY, var moveX])
            throw context.Fail("has a scale or translation that is not of two numbers, or a scale that is not positive");
        (int inHeight, int inWidth, int channels) = ((int)images[1], (int)images[2], (int)images[3]);
        (int Start, float[] Weights)[] rows = Spans(kernel, height, inHeight, scaleY, moveY, antialias);
        (int Start, float[] Weights)[] columns = Spans(kernel, width, inWidth, scaleX, moveX, antialias);
        ReadOnlySpan<float> x = context.Float32(context.Input(0)).Span<float>();
        Span<float> y = context.Output<float>(0, new Shape(images[0], height, width, images[3]));
        float[] line = new float[inWidth * channels];
        for (int n = 0; n < images[0]; n++)
        {
            for (int row = 0; row < height; row++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                Array.Clear(line);
                for (int k = 0; k < rows[row].Weights.Length; k++)
                {
                    int from = ((n * inHeight) + rows[row].Start + k) * line.Length;
                    for (int i = 0; i < line.Length; i++)
                        line[i] += rows[row].Weights[k] * x[from + i];
                }

                Span<float> target = y.Slice(((n * height) + row) * width * channels, width * channels);
                target.Clear();
                for (int column = 0; column < width; column++)
                {
                    for (int k = 0; k < columns[column].Weights.Length; k++)
                    {
                        for (int c = 0; c < channels; c++)
                            target[(column * channels) + c] += columns[column].Weights[k] * line[((columns[column].Start + k) * channels) + c];
                    }
                }
            }
        }
    }

    /// <summary>The input pixels that each output pixel is made of, with weights of sum 1; none where it lies outside.</summary>
    public static (int Start, float[] Weights)[] Spans(SamplingKernel kernel, int outputs, int inputs, float scale, float translation, bool antialias)
    {
        float inverse = 1 / scale;
        float stretch = antialias ? MathF.Max(inverse, 1) : 1;
        var spans = new (int Start, float[] Weights)[outputs];
        for (int o = 0; o < outputs; o++)
        {
            float sample = ((o + 0.5f) * inverse) - (inverse * translation);
            spans[o] = (0, []);
            if (!(sample >= 0 && sample <= inputs))
                continue;
            int start = Math.Clamp((int)MathF.Ceiling(sample - (kernel.Radius * stretch) - 0.5f), 0, inputs - 1);
            int end = Math.Clamp((int)MathF.Floor(sample + (kernel.Radius * stretch) - 0.5f), 0, inputs - 1) + 1;
            float[] weights = new float[Math.Max(0, end - start)];
            float total = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = kernel.Weight(MathF.Abs((start + i + 0.5f - sample) / stretch));
                total += weights[i];
            }

            if (MathF.Abs(total) < 1000 * 1.17549435e-38f)
                continue;
            for (int i = 0; i < weights.Length; i++)
                weights[i] *= 1 / total;
            spans[o] = (start, weights);
        }

        return spans;
    }
}
