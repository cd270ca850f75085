using Decant.IR;

namespace Decant.Ops.NN;

/// <summary>The inputs of CTC decoders, scores [time, batch, classes] and the length of each sequence, and their outputs: sparse matrices of labels.</summary>
internal static class CtcOutputs
{
    /// <summary>Sets the facts of the indices, values and shapes of <paramref name="paths"/> matrices and of the log probabilities.</summary>
    public static void Infer(InferenceContext context, int paths)
    {
        (Shape inputs, Shape lengths) = (context.Shape(0), context.Shape(1));
        if ((inputs.HasRank && inputs.Rank != 3) || (lengths.HasRank && lengths.Rank != 1))
            throw context.Fail($"has inputs of shapes {inputs} and {lengths}, expected [time,batch,classes] and [batch]");
        for (int path = 0; path < paths; path++)
        {
            context.Set(path, DType.Int64, new Shape(Shape.UnknownDimension, 2));
            context.Set(paths + path, DType.Int64, new Shape(Shape.UnknownDimension));
            context.Set((2 * paths) + path, DType.Int64, new Shape(2));
        }

        context.Set(3 * paths, context.Input(0).DType, new Shape(inputs.HasRank ? inputs[1] : Shape.UnknownDimension, paths));
    }

    /// <summary>The length of each sequence of the batch, none more than the time steps that there are.</summary>
    public static int[] Lengths(KernelContext context, int input)
    {
        Shape scores = context.Shape(0);
        if (scores.Rank != 3 || scores.ElementCount == 0)
            throw context.Fail($"input 0 is {context.Input(0)}, expected [time,batch,classes], none of them 0");
        Tensor lengths = context.Input(input);
        if (lengths.DType != DType.Int32 || lengths.Shape != new Shape(scores[1]))
            throw context.Fail($"input {input} is {lengths}, expected int32[{scores[1]}]");
        foreach (int length in lengths.Span<int>())
        {
            if (length < 0 || length > scores[0])
                throw context.Fail($"has a sequence of {length} steps, expected 0 to {scores[0]}");
        }

        return lengths.Span<int>().ToArray();
    }

    /// <summary>Gives the decoded sequences, by batch and path, as sparse matrices [batch, longest].</summary>
    public static void Give(KernelContext context, int[][][] sequences, int paths)
    {
        for (int path = 0; path < paths; path++)
        {
            int total = sequences.Sum(s => s[path].Length);
            Span<long> indices = context.Output<long>(path, new Shape(total, 2)), values = context.Output<long>(paths + path, new Shape(total));
            int at = 0;
            for (int b = 0; b < sequences.Length; b++)
            {
                for (int t = 0; t < sequences[b][path].Length; t++, at++)
                    (indices[2 * at], indices[(2 * at) + 1], values[at]) = (b, t, sequences[b][path][t]);
            }

            Span<long> shape = context.Output<long>((2 * paths) + path, new Shape(2));
            (shape[0], shape[1]) = (sequences.Length, sequences.Max(s => s[path].Length));
        }
    }
}
