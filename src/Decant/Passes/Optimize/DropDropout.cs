using Decant.IR;

namespace Decant.Passes.Optimize;

/// <summary>
/// x·mask/p = x: dropout, which sets random elements to 0 and divides the others by how likely they stay, is for training; on the
/// average it changes nothing. TF1 writes x/p · ⌊p + u⌋, TF2 x·(1/(1 − r)) where u ≥ r and 0 elsewhere, u uniform in [0, 1).
/// </summary>
internal sealed class DropDropout() : NodePass("drop_dropout")
{
    /// <summary>Rates are rounded to float32, and so are their reciprocals.</summary>
    private const double RateTolerance = 1e-3;

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        switch (node.Op.Name)
        {
            case "Mul" when node.Inputs.Count == 2:
                return ByProduct(node, node.Inputs[0], node.Inputs[1], context) ?? ByProduct(node, node.Inputs[1], node.Inputs[0], context);
            case "SelectV2" or "Select" when node.Inputs.Count == 3 && Zero(node.Inputs[2]) && Compared(node.Inputs[0]) is { } rate:
                return Drop(node, node.Inputs[1], 1 - rate, default, context);
            default:
                return null;
        }
    }

    private Patch? ByProduct(Node node, Value data, Value mask, PassContext context)
    {
        if (mask.Node.Op == "Cast" && Compared(mask.Node.Inputs[0]) is { } rate)
            return Drop(node, data, 1 - rate, default, context);
        if (mask.Node.Op != "Floor" || mask.Node.Inputs[0].Node is not { Op.Name: "Add" or "AddV2", Inputs.Count: 2 } sum)
            return null;
        for (int i = 0; i < 2; i++)
        {
            if (IsUniform(sum.Inputs[i]))
                return Drop(node, data, Scalar(sum.Inputs[1 - i]), sum.Inputs[1 - i], context);
        }

        return null;
    }

    /// <summary>The edit, when what the elements that stay are multiplied by makes up for those that do not.</summary>
    /// <param name="node">The node that gives the result.</param>
    /// <param name="scaled">The elements as they are when they stay.</param>
    /// <param name="kept">How likely they stay; null when that is not constant.</param>
    /// <param name="rate">The value that says so.</param>
    /// <param name="context">The context.</param>
    private Patch? Drop(Node node, Value scaled, double? kept, Value rate, PassContext context)
    {
        Node scale = scaled.Node;
        if (scaled.Port == 0 && scale.Op.Dialect == Dialect.TensorFlow && scale.Inputs.Count == 2)
        {
            bool isDivision = scale.Op.Name is "RealDiv" or "Div", isProduct = scale.Op == "Mul";
            for (int i = 1; i >= (isProduct ? 0 : 1) && (isDivision || isProduct); i--)
            {
                double? factor = Scalar(scale.Inputs[i]);
                double? stays = isDivision ? factor : 1 / factor;
                if ((isDivision && rate.IsPresent && scale.Inputs[i] == rate) || (stays is { } s && kept is { } k && Math.Abs(s - k) <= RateTolerance))
                    return Rewrites.Forward(Name, node, scale.Inputs[1 - i], "dropout is for training", scale);
            }
        }

        return context.Decline(node, "looks like dropout, but its elements are not scaled by how likely they stay");
    }

    /// <summary>The r of u ≥ r.</summary>
    private static double? Compared(Value value) =>
        value.Node is { Op.Name: "GreaterEqual" or "Greater", Inputs.Count: 2 } compare && IsUniform(compare.Inputs[0]) ? Scalar(compare.Inputs[1]) : null;

    /// <summary>Whether a value is uniform in [0, 1): drawn so, or scaled by 1 and moved by 0 as TF1 writes it.</summary>
    private static bool IsUniform(Value value)
    {
        for (int depth = 0; depth < 8 && value.IsPresent; depth++)
        {
            Node node = value.Node;
            switch (node.Op.Name)
            {
                case "RandomUniform" or "StatelessRandomUniform" or "StatelessRandomUniformV2":
                    return true;
                case "Mul" when Scalar(node.Inputs[1]) == 1:
                case "Add" or "AddV2" when Scalar(node.Inputs[1]) == 0:
                case "Identity":
                    value = node.Inputs[0];
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool Zero(Value value) => value.Constant is { } constant && constant.ElementCount > 0 && FloatElements.Read(constant) is { } elements && Array.TrueForAll(elements, e => e == 0)
        || value.Node.Op == "ZerosLike";

    private static double? Scalar(Value value) => value.Constant is { ElementCount: 1 } constant && FloatElements.Read(constant) is [var number] ? number : null;
}
