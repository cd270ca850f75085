using System.Globalization;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Passes.Compress;

/// <summary>
/// MatMul(x, W) = MatMul(MatMul(x, Left), Right) with W ≈ Left·Right of low rank, where the factors are smaller than W: r(m + n) &lt; mn.
/// Products take as much less time as weights take less memory.
/// </summary>
/// <param name="value">Below 1 the share of W's squared norm that is kept, else the rank.</param>
/// <param name="selection">The weights.</param>
internal sealed class LowRankPass(double value, WeightSelection selection) : WeightPass("weights_to_low_rank", selection)
{
    /// <summary>What the name of the first factor ends in.</summary>
    public const string LeftSuffix = "_left";

    /// <summary>What the name of the second factor ends in.</summary>
    public const string RightSuffix = "_right";

    protected override Patch? Try(Node node, Weights weights, PassContext context)
    {
        if (weights.Shape.Rank != 2 || Reader(node, context) is not { } reader)
            return null;
        if (reader.Product is null)
            return context.Decline(node, reader.Reason);
        bool transposed = reader.Product.Attributes["transpose_b"] is BoolAttr { Value: true };
        (int m, int n) = ((int)weights.Shape[transposed ? 1 : 0], (int)weights.Shape[transposed ? 0 : 1]);
        int most = (int)((((long)m * n) - 1) / (m + n));
        if (most < 1 || (value >= 1 && value > most))
            return context.Decline(node, $"has the shape {weights.Shape}, and factors are smaller up to rank {most}");
        ReadOnlyMemory<float> elements = Elements(weights.Tensor, transposed);
        LowRank? factors = value < 1 ? LowRank.OfEnergy(elements, m, n, value, most) : LowRank.OfRank(elements, m, n, (int)value);
        return factors is null ? context.Decline(node, string.Create(CultureInfo.InvariantCulture, $"needs more than rank {most} for {value:0.####} of its squared norm, where factors are no longer smaller"))
            : Replace(node, reader.Product, reader.Between, factors, m, n);
    }

    private Patch Replace(Node node, Node product, List<Node> between, LowRank factors, int m, int n)
    {
        var patch = new Patch(string.Create(CultureInfo.InvariantCulture, $"{Name}: {node.Name} (rank {factors.Rank} of {Math.Min(m, n)}, {factors.Energy:P2} of the squared norm)"));
        Node left = patch.AddConst(node.Name + LeftSuffix, Tensor.Wrap(factors.Left, new Shape(m, factors.Rank)));
        Node right = patch.AddConst(node.Name + RightSuffix, Tensor.Wrap(factors.Right, new Shape(factors.Rank, n)));
        AttributeMap attributes = product.Attributes.Clone();
        attributes["transpose_b"] = false;
        attributes.Remove("_output_shapes");
        Node inner = patch.Add($"{product.Name}/left", "MatMul", [product.Inputs[0], left], attributes);
        patch.Change(product, p =>
        {
            p.Inputs[0] = inner;
            p.Inputs[1] = right;
            p.Attributes["transpose_a"] = false;
            p.Attributes["transpose_b"] = false;
        });
        return patch.Remove([node, .. between]);
    }

    private sealed record OnlyReader(Node? Product, List<Node> Between, string Reason);

    /// <summary>The one MatMul that reads the weights; null where no MatMul does, which is no reason to say anything.</summary>
    private static OnlyReader? Reader(Node node, PassContext context)
    {
        List<Node> between = [];
        Node at = node;
        while (context.Users(at) is { Count: 1 } users && users.Single() is { Op.Name: "Identity" } identity && !context.IsKept(at) && !identity.ControlInputs.Contains(at))
            between.Add(at = identity);
        List<Node> products = [.. context.Users(at).Where(u => u.Op == "MatMul" && u.Inputs is [_, var second] && second.Node == at)];
        if (products.Count == 0)
            return null;
        bool others = context.Users(at).Count > 1 || context.IsKept(at) || products[0].Inputs[0].Node == at || products[0].ControlInputs.Contains(at);
        return new OnlyReader(others ? null : products[0], between, "is read by others than one MatMul");
    }

    private static ReadOnlyMemory<float> Elements(Tensor weights, bool transposed)
    {
        float[] elements = new float[weights.ElementCount];
        int at = 0;
        FloatStream.Visit(weights, piece =>
        {
            piece.CopyTo(elements.AsSpan(at));
            at += piece.Length;
        });
        if (!transposed)
            return elements;
        (int rows, int columns) = ((int)weights.Shape[0], (int)weights.Shape[1]);
        float[] turned = new float[elements.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                turned[(j * rows) + i] = elements[(i * columns) + j];
        }

        return turned;
    }
}
