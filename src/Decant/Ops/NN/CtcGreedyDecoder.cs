using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>
/// The best class of each time step, without blanks (class <c>blank_index</c>, from the end when negative) and, with
/// <c>merge_repeated</c>, without repetitions. The log probability is minus the sum of the best scores.
/// </summary>
internal sealed class CtcGreedyDecoder() : Op("CTCGreedyDecoder"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => CtcOutputs.Infer(context, 1);

    public Kernel Prepare(KernelRequest request) =>
        NumberKernel.Of(request, request.ElementType(), new Code(request.Attributes.Bool("merge_repeated"), request.Attributes.Int("blank_index")));

    private sealed record Code(bool Merges, long BlankIndex) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            int[] lengths = CtcOutputs.Lengths(context, 1);
            ReadOnlySpan<T> scores = context.Input(0).Span<T>();
            int classes = (int)context.Shape(0)[2];
            long blank = BlankIndex < 0 ? BlankIndex + classes : BlankIndex;
            if (blank < 0 || blank >= classes)
                throw context.Fail($"has the blank index {BlankIndex}, expected one of {classes} classes");
            int[][][] sequences = new int[lengths.Length][][];
            Span<T> probabilities = context.Output<T>(3, new Shape(lengths.Length, 1));
            for (int b = 0; b < lengths.Length; b++)
            {
                List<int> labels = [];
                T sum = T.Zero;
                for (int t = 0, previous = -1; t < lengths[b]; t++)
                {
                    ReadOnlySpan<T> step = scores.Slice(((t * lengths.Length) + b) * classes, classes);
                    int best = 0;
                    for (int c = 1; c < classes; c++)
                        best = step[c] > step[best] ? c : best;
                    sum -= step[best];
                    if (best != blank && !(Merges && best == previous))
                        labels.Add(best);
                    previous = best;
                }

                probabilities[b] = sum;
                sequences[b] = [[.. labels]];
            }

            CtcOutputs.Give(context, sequences, 1);
        }
    }
}
