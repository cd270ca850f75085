using System.Numerics;

namespace Decant.Ops.NN;

/// <summary>
/// The CTC loss of each sequence of scores [time, batch, classes] against the labels of a sparse matrix (indices, values), and its gradient. The blank
/// is the last class, of <c>CTCLossV2</c> the first. Labels that are the last class end a sequence of <c>CTCLoss</c>.
/// </summary>
internal sealed class CtcLoss(string name) : Op(name), IInfersFacts, IHasKernel
{
    private bool BlankIsFirst => Name.Name == "CTCLossV2";

    public void Infer(InferenceContext context)
    {
        Shape inputs = context.Shape(0);
        if (inputs.HasRank && inputs.Rank != 3)
            throw context.Fail($"has inputs of shape {inputs}, expected [time,batch,classes]");
        context.Set(0, context.Input(0).DType, new Shape(inputs.HasRank ? inputs[1] : Shape.UnknownDimension));
        context.Set(1, context.Input(0).DType, inputs.HasRank ? inputs : Shape.OfRank(3));
    }

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        return NumberKernel.Of(
            request,
            request.ElementType(),
            new Code(BlankIsFirst, attributes.Bool("preprocess_collapse_repeated"), attributes.Bool("ctc_merge_repeated"), attributes.Bool("ignore_longer_outputs_than_inputs")));
    }

    private sealed record Code(bool BlankIsFirst, bool Collapses, bool Merges, bool IgnoresLonger) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            int[] lengths = CtcOutputs.Lengths(context, 3);
            Shape shape = context.Shape(0);
            (int batch, int classes) = ((int)shape[1], (int)shape[2]);
            List<int>[] labels = Labels(context, batch);
            ReadOnlySpan<T> scores = context.Input(0).Span<T>();
            Span<T> losses = context.Output<T>(0, new Shape(batch)), gradients = context.Output<T>(1, shape);
            losses.Clear();
            gradients.Clear();
            for (int b = 0; b < batch; b++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                int[] kept = Kept(context, labels[b], classes, b);
                if (!IgnoresLonger && labels[b].Count > lengths[b])
                    throw context.Fail($"has {labels[b].Count} labels for the {lengths[b]} steps of sequence {b}, expected at most as many", "set ignore_longer_outputs_than_inputs to give such a sequence the loss 0");
                if (lengths[b] == 0 || labels[b].Count > lengths[b])
                    continue;
                T[] probabilities = new T[lengths[b] * classes];
                for (int t = 0; t < lengths[b]; t++)
                    Softmax(scores.Slice(((t * batch) + b) * classes, classes), probabilities.AsSpan(t * classes, classes));
                T[] gradient = new T[probabilities.Length];
                losses[b] = new CtcAlignment<T>(probabilities, classes, kept, BlankIsFirst ? 0 : classes - 1, Merges).Loss(gradient);
                for (int t = 0; t < lengths[b]; t++)
                    gradient.AsSpan(t * classes, classes).CopyTo(gradients[(((t * batch) + b) * classes)..]);
            }
        }

        private static void Softmax<T>(ReadOnlySpan<T> scores, Span<T> probabilities)
            where T : IFloatingPointIeee754<T>
        {
            (T largest, T sum) = (scores[0], T.Zero);
            foreach (T score in scores)
                largest = T.Max(largest, score);
            for (int c = 0; c < scores.Length; c++)
                sum += probabilities[c] = T.Exp(scores[c] - largest);
            for (int c = 0; c < scores.Length; c++)
                probabilities[c] /= sum;
        }

        private static List<int>[] Labels(KernelContext context, int batch)
        {
            (Tensor indices, Tensor values) = (context.Input(1), context.Input(2));
            if (values.Shape.Rank != 1 || values.DType != DType.Int32 || indices.DType != DType.Int64 || indices.Shape != new Shape(values.ElementCount, 2))
                throw context.Fail($"has labels {indices} and {values}, expected int64[n,2] and int32[n]");
            var labels = new List<int>[batch];
            for (int b = 0; b < batch; b++)
                labels[b] = [];
            ReadOnlySpan<long> at = indices.Span<long>();
            (long Row, long Column) last = (-1, -1);
            for (int i = 0; i < values.ElementCount; i++)
            {
                (long row, long column) = (at[2 * i], at[(2 * i) + 1]);
                if (row < 0 || row >= batch || column < 0 || (row, column).CompareTo(last) <= 0)
                    throw context.Fail($"has a label at [{row},{column}] after [{last.Row},{last.Column}], expected rising indices of {batch} rows");
                last = (row, column);
                labels[row].Add(values.Span<int>()[i]);
            }

            return labels;
        }

        /// <summary>The labels up to the first blank, each repetition once if they are to be collapsed.</summary>
        private int[] Kept(KernelContext context, List<int> labels, int classes, int sequence)
        {
            if (labels.Count == 0)
                throw context.Fail($"has no labels for sequence {sequence}, expected at least one");
            (List<int> kept, bool ended) = ([], false);
            for (int i = 0; i < labels.Count; i++)
            {
                int label = labels[i];
                if (i > 0 && Collapses && label == labels[i - 1])
                    continue;
                if (!BlankIsFirst && label >= classes - 1)
                    ended = true;
                else if (ended || label < (BlankIsFirst ? 1 : 0) || label >= classes)
                    throw context.Fail($"has the label {label} in sequence {sequence}{(ended ? " after its end" : "")}, expected classes of {classes} other than the blank");
                else
                    kept.Add(label);
            }

            return [.. kept];
        }
    }
}
