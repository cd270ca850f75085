using System.Numerics;
using Decant.IR;

namespace Decant.Ops.NN;

/// <summary>
/// The <c>top_paths</c> most probable label sequences by a beam search of <c>beam_width</c>, and the logarithms of their probabilities. The last class
/// is the blank. With <c>merge_repeated</c>, equal labels in a row are given once.
/// </summary>
internal sealed class CtcBeamSearchDecoder() : Op("CTCBeamSearchDecoder"), IInfersFacts, IHasKernel
{
    // A beam of more prefixes than classes^time is as good as any.
    private const long MaxWidth = 1 << 20;

    public void Infer(InferenceContext context) => CtcOutputs.Infer(context, Paths(context.Node).Paths);

    public Kernel Prepare(KernelRequest request)
    {
        (int paths, int width) = Paths(request.Node);
        return NumberKernel.Of(request, request.ElementType(), new Code(paths, width, request.Attributes.Bool("merge_repeated")));
    }

    private static (int Paths, int Width) Paths(Node node)
    {
        var attributes = new NodeAttributes(node);
        (long paths, long width) = (attributes.Int("top_paths"), attributes.Int("beam_width"));
        if (width is < 1 or > MaxWidth)
            throw GraphErrors.BadAttribute.At(node.At("beam_width"), $"is {width}, expected 1 to {MaxWidth}");
        return paths >= 1 && paths <= width ? ((int)paths, (int)width) : throw GraphErrors.BadAttribute.At(node.At("top_paths"), $"is {paths}, expected 1 to the beam width, {width}");
    }

    private sealed record Code(int Paths, int Width, bool Merges) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            int[] lengths = CtcOutputs.Lengths(context, 1);
            ReadOnlySpan<T> scores = context.Input(0).Span<T>();
            int classes = (int)context.Shape(0)[2];
            double[] step = new double[classes];
            int[][][] sequences = new int[lengths.Length][][];
            Span<T> probabilities = context.Output<T>(3 * Paths, new Shape(lengths.Length, Paths));
            for (int b = 0; b < lengths.Length; b++)
            {
                var beam = new CtcBeam(Width, classes);
                for (int t = 0; t < lengths[b]; t++)
                {
                    context.Cancellation.ThrowIfCancellationRequested();
                    for (int c = 0; c < classes; c++)
                        step[c] = double.CreateTruncating(scores[(((t * lengths.Length) + b) * classes) + c]);
                    beam.Step(step);
                }

                CtcBeam.Prefix[] best = beam.Best(Paths);
                if (best.Length < Paths)
                    throw context.Fail($"has {best.Length} paths for sequence {b}, expected {Paths}", "ask for fewer top_paths");
                for (int p = 0; p < Paths; p++)
                    probabilities[(b * Paths) + p] = T.CreateTruncating(best[p].Total);
                sequences[b] = Array.ConvertAll(best, p => p.Labels(Merges));
            }

            CtcOutputs.Give(context, sequences, Paths);
        }
    }
}
