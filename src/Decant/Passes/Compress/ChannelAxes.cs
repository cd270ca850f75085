using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>The axes along which weights have a range of their own: those of the outputs of the ops that read them.</summary>
internal static class ChannelAxes
{
    /// <summary>The first of the axes and how many there are, side by side; the last axis where the readers do not agree or tell otherwise.</summary>
    public static (int First, int Count) Of(Node node, Shape shape, PassContext context)
    {
        (int, int)[] wanted = [.. Readers(node, context).Select(r => Wanted(r.Reader, r.Input, shape.Rank)).Distinct()];
        return wanted is [var one] ? one : (shape.Rank - 1, 1);
    }

    private static (int First, int Count) Wanted(Node reader, int input, int rank) => reader.Op.Name switch
    {
        "DepthwiseConv2dNative" when rank == 4 => (2, 2),
        "Conv2DBackpropInput" when rank == 4 && input == 1 => (2, 1),
        "MatMul" when rank == 2 && input == 1 && reader.Attributes["transpose_b"] is BoolAttr { Value: true } => (0, 1),
        "BatchMatMul" or "BatchMatMulV2" when rank >= 2 && input == 1 && reader.Attributes["adj_y"] is BoolAttr { Value: true } => (rank - 2, 1),
        _ => (rank - 1, 1),
    };

    private static IEnumerable<(Node Reader, int Input)> Readers(Node node, PassContext context) =>
        context.Users(node).SelectMany(user => user.Op == "Identity" ? Readers(user, context)
            : Enumerable.Range(0, user.Inputs.Count).Where(i => user.Inputs[i].Node == node).Select(i => (user, i)));
}
