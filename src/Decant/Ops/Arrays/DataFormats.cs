using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Axes of one data format as those of another: <c>DataFormatDimMap</c>, of any shape, axes from -rank to rank.</summary>
internal sealed class DataFormatDimMap() : Op("DataFormatDimMap"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(0).DType, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        int[] map = DataFormats.Map(request.Node);
        return Kernel.Of(context =>
        {
            long[] axes = context.Ints(0);
            for (int i = 0; i < axes.Length; i++)
            {
                if (axes[i] < -map.Length || axes[i] >= map.Length)
                    throw context.Fail($"has the axis {axes[i]}, expected one of {map.Length} dimensions");
                axes[i] = map[(axes[i] + map.Length) % map.Length];
            }

            context.SetOutput(0, DataFormats.OfType(context.Input(0), axes));
        });
    }
}

/// <summary>Sizes (a vector) or pairs (a matrix [n, 2]) that are in the order of one data format in that of another; of n - 2 spatial sizes, those.</summary>
internal sealed class DataFormatVecPermute() : Op("DataFormatVecPermute"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(0).DType, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        int[] map = DataFormats.Map(request.Node);
        return Kernel.Of(context => Run(context, map));
    }

    private static void Run(KernelContext context, int[] map)
    {
        Tensor input = context.Input(0);
        int width = input.Shape.Rank == 2 ? 2 : 1;
        if (input.Shape.Rank is not (1 or 2) || (width == 2 && input.Shape[1] != 2) || (input.Shape[0] != map.Length && input.Shape[0] != map.Length - 2))
            throw context.Fail($"input 0 is {input}, expected {map.Length} or {map.Length - 2} sizes or pairs");
        long[] from = context.Ints(0), to = new long[from.Length];
        int[] order = input.Shape[0] == map.Length ? map : DataFormats.Spatial(context.Node, map);
        for (int i = 0; i < order.Length; i++)
        {
            for (int k = 0; k < width; k++)
                to[(order[i] * width) + k] = from[(i * width) + k];
        }

        context.SetOutput(0, DataFormats.OfType(input, to));
    }
}

/// <summary>Attributes <c>src_format</c> and <c>dst_format</c>.</summary>
internal static class DataFormats
{
    /// <summary>For each dimension of the source format, where it is in the target.</summary>
    public static int[] Map(Node node)
    {
        (string source, string target) = Read(node);
        return [.. source.Select(c => target.IndexOf(c, StringComparison.Ordinal))];
    }

    /// <summary>The same for the dimensions other than N and C alone.</summary>
    public static int[] Spatial(Node node, int[] map)
    {
        string source = Read(node).Source;
        int[] spatial = [.. Enumerable.Range(0, map.Length).Where(i => source[i] is not ('N' or 'C')).Select(i => map[i])];
        return [.. spatial.Select(t => spatial.Count(other => other < t))];
    }

    /// <summary>Integers in the type and shape of a tensor.</summary>
    public static Tensor OfType(Tensor like, long[] values) =>
        like.DType == DType.Int64 ? Tensor.Wrap(values, like.Shape) : Tensor.Wrap(Array.ConvertAll(values, v => (int)v), like.Shape);

    private static (string Source, string Target) Read(Node node)
    {
        var attributes = new NodeAttributes(node);
        (string source, string target) = (attributes.String("src_format"), attributes.String("dst_format"));
        return source.Length is 4 or 5 && source.Distinct().Count() == source.Length && source.Order().SequenceEqual(target.Order()) ? (source, target)
            : throw GraphErrors.BadAttribute.At(node.At("dst_format"), $"is '{target}', expected the letters of src_format, '{source}', 4 or 5 of them and each once");
    }
}
