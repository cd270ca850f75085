using Decant.IR;
using Decant.Ops;
using Decant.Ops.TFLite;

namespace Decant.Runtime;

/// <summary>
/// Joins with a convolution of TensorFlow Lite what stands around it: a PAD along the spatial axes in front, which becomes its own padding, and behind one of
/// floats an ADD of a tensor of the same shape, with its activation, and a RELU, a PRELU with a constant per channel, or a HARD_SWISH.
/// </summary>
internal sealed class TFLiteFusion(ConstantValues constants, ValueReaders readers)
{
    private static readonly OpName Convolution = new(Dialect.TFLite, "CONV_2D"), Depthwise = new(Dialect.TFLite, "DEPTHWISE_CONV_2D"), Pad = new(Dialect.TFLite, "PAD");

    private static readonly OpName Add = new(Dialect.TFLite, "ADD"), Prelu = new(Dialect.TFLite, "PRELU"), HardSwish = new(Dialect.TFLite, "HARD_SWISH");

    /// <summary>The units with those that were joined in the place of their last.</summary>
    public List<PlannedNode> Run(List<PlannedNode> units)
    {
        Dictionary<Node, int> positions = units.Select((u, i) => (u.Output, i)).ToDictionary(p => p.Output, p => p.i);
        var result = units.ToArray<PlannedNode?>();
        bool IsUnit(Node node) => positions.TryGetValue(node, out int at) && result[at]?.Node == node;
        for (int i = 0; i < units.Count; i++)
        {
            if (result[i] is not { Fused.Count: 0 } unit || (unit.Node.Op != Convolution && unit.Node.Op != Depthwise) || Constant(unit.Node, 1) is not { Shape.Rank: 4 } weights)
                continue;
            Node root = unit.Node, joined = new(root.Name, root.Op) { Attributes = root.Attributes.Clone(), Tensors = root.Tensors, Facts = root.Facts };
            foreach (Value input in root.Inputs)
                joined.Inputs.Add(input);
            List<Node> fused = [];
            if (root.Inputs[0] is { IsPresent: true, Node: { } pad } padded && pad.Op == Pad && readers.Only(padded) == root && IsUnit(pad) && Pads(root, pad) is { } pads)
            {
                joined.Inputs[0] = pad.Inputs[0];
                joined.Attributes.Set(WindowOptions.ExplicitPaddings, new ListAttr { Ints = pads });
                fused.Add(pad);
            }

            Node last = root;
            if (weights.DType == DType.Float32 && Type(root) == DType.Float32)
            {
                while (readers.Only(last) is { } next && IsUnit(next) && Take(joined, last, next, weights))
                    fused.Add(last = next);
            }

            if (fused.Count == 0)
                continue;
            foreach (Node node in fused)
                result[positions[node]] = null;
            result[i] = null;
            result[positions[last]] = new PlannedNode(joined) { Output = last, Fused = fused };
        }

        return [.. result.OfType<PlannedNode>()];
    }

    /// <summary>Joins a node that reads the last one; false when it is of another kind.</summary>
    private bool Take(Node joined, Node last, Node next, Tensor weights)
    {
        if (Activation(joined) != "NONE" || joined.Attributes.Contains(FloatConvolution.Slopes) || joined.Attributes.Contains(FloatConvolution.Swish))
            return false;
        bool isDepthwise = joined.Op == Depthwise;
        if (next.Op == Add && next.Inputs.Count == 2 && !isDepthwise && !joined.Attributes.Contains(FloatConvolution.Residual) && FloatConvolution.IsFused(Activation(next)))
        {
            Value other = next.Inputs[next.Inputs[0].Node == last ? 1 : 0];
            if (other.Node == last || next.Tensors is not [{ DType: DType.Float32 } sum] || Spec(other) is not { DType: DType.Float32 } spec || spec.Shape != sum.Shape || Spec(last)?.Shape != sum.Shape)
                return false;
            SetInput(joined, FloatConvolution.ResidualInput, other);
            joined.Attributes.Set(FloatConvolution.Residual, true);
            joined.Attributes.Set(Activated.Attribute, Activation(next));
            return true;
        }

        if (next.Op == Prelu && !isDepthwise && next.Inputs[0] == last && Constant(next, 1) is { DType: DType.Float32 } slopes
            && slopes.Shape.Rank is > 0 and < 4 && slopes.Shape[-1] == weights.Shape[0] && slopes.ElementCount == weights.Shape[0])
        {
            SetInput(joined, FloatConvolution.SlopesInput, next.Inputs[1]);
            joined.Attributes.Set(FloatConvolution.Slopes, true);
            return true;
        }

        if (Type(next) != DType.Float32 || next.Op.Dialect != Dialect.TFLite)
            return false;
        if (FloatConvolution.Fused(next.Op.Name) != Kernels.Gemm.Activation.None)
            joined.Attributes.Set(Activated.Attribute, next.Op.Name);
        else if (next.Op == HardSwish)
            joined.Attributes.Set(FloatConvolution.Swish, true);
        else
            return false;
        return true;
    }

    /// <summary>The paddings of a PAD along the spatial axes, where the convolution that reads it adds none itself and both are quantized alike.</summary>
    private long[]? Pads(Node convolution, Node pad)
    {
        if (new NodeAttributes(convolution).Find("padding") is not StringAttr { Text: "VALID" } || Constant(pad, 1) is not { DType: DType.Int32 or DType.Int64, ElementCount: 8 } amounts
            || Spec(pad.Inputs[0]) is not { } from || pad.Tensors is not [{ } to] || !IsAlike(from.Quantization, to.Quantization))
            return null;
        long[] pads = TensorInts.Read(amounts, pad);
        return pads is [0, 0, _, _, _, _, 0, 0] && Array.TrueForAll(pads, p => p is >= 0 and <= EpilogueFusion.LargestPad) ? pads : null;
    }

    /// <summary>The value of an input that is constant; null for others and for those that a file leaves out.</summary>
    private Tensor? Constant(Node node, int input) => input < node.Inputs.Count ? constants.Find(node.Inputs[input])?.Invoke() : null;

    private static bool IsAlike(Quantization? a, Quantization? b) =>
        (a is not { HasScale: true } && b is not { HasScale: true }) || (a is not null && b is not null && a.Scales.SequenceEqual(b.Scales) && a.ZeroPoints.SequenceEqual(b.ZeroPoints));

    private static void SetInput(Node node, int input, Value value)
    {
        while (node.Inputs.Count <= input)
            node.Inputs.Add(default);
        node.Inputs[input] = value;
    }

    private static string Activation(Node node) => new NodeAttributes(node).Find(Activated.Attribute) is StringAttr { Text: var text } ? text : "NONE";

    private static TensorSpec? Spec(Value value) => value.IsPresent && value.Port < value.Node.Tensors.Count ? value.Node.Tensors[value.Port] : null;

    private static DType Type(Node node) => Spec(node)?.DType ?? DType.Invalid;
}
