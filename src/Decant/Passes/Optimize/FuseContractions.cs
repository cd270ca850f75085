using System.Text;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.NN;

namespace Decant.Passes.Optimize;

/// <summary>
/// act(x ∗ w + b) in one node: a convolution or matrix product, the bias behind it and the activation behind that become
/// <c>_FusedConv2D</c>, <c>_FusedMatMul</c> or <c>FusedDepthwiseConv2dNative</c>, under the name of the last of them. A bias is a <c>BiasAdd</c>,
/// or constants of one value per channel that are added, as Keras 3 writes dense layers and batch normalizations.
/// </summary>
/// <remarks>TensorFlow's CPU kernels and TensorFlow.js know these ops; they are in no public op list.</remarks>
internal sealed class FuseContractions() : NodePass("fuse_contractions")
{
    private static readonly string[] Geometry = ["T", "strides", "padding", "explicit_paddings", "dilations", "data_format", "use_cudnn_on_gpu"];

    protected override Patch? Try(Node node, PassContext context)
    {
        string? activation = node.Op.Name is "Relu" or "Relu6" or "Elu" or "LeakyRelu" or "Sigmoid" or "Tanh" ? node.Op.Name : null;
        Node bias = activation is null ? node : node.Inputs.Count == 1 && node.Inputs[0] is { Port: 0, IsPresent: true } input ? input.Node : node;
        if (Summand.Of(bias) is not { Product: var product } summand)
            return null;
        string fused = Fused(product)!;
        if (activation is null && !context.IsKept(node) && context.HasOneUse(node) && context.Users(node).Single() is { } next && Continues(next, product))
            return null;
        if (activation is not null && !Continues(node, product))
            return null;
        var attributes = new NodeAttributes(product);
        if (attributes.Type("T") != DType.Float32)
            return context.Decline(node, $"is {attributes.Type("T").Name()}, and only float32 is fused");
        if (fused != "_FusedMatMul" && (attributes.String("data_format") != "NHWC" || (bias.Op == "BiasAdd" && new NodeAttributes(bias).String("data_format") != "NHWC")))
            return context.Decline(node, "has channels first");
        if (!context.HasOneUse(product) || (bias != node && !context.HasOneUse(bias)))
            return context.Decline(node, "a node of the group is an output or has other readers");
        if (node.ControlInputs.Count + bias.ControlInputs.Count + product.ControlInputs.Count > 0)
            return context.Decline(node, "a node of the group waits for others");
        if (product.Inputs.Count != 2)
            return null;
        if (product.Op == "Conv2D" && Conv.Groups(product.Inputs[0].Shape(), product.Inputs[1].Shape()) > 1)
            return context.Decline(node, "has groups of channels, which the fused kernels do not take");

        var result = new AttributeMap();
        foreach (string name in fused == "_FusedMatMul" ? ["T", "transpose_a", "transpose_b"] : Geometry)
        {
            if (attributes.Find(name) is { } value)
                result.Set(name, value);
        }

        result.Set("fused_ops", new ListAttr { Strings = [.. new[] { "BiasAdd", activation }.OfType<string>().Select(o => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(o))] });
        result.Set("num_args", 1);
        result.Set("epsilon", 0f);
        if (activation == "LeakyRelu")
            result.Set("leakyrelu_alpha", new NodeAttributes(node).Float("alpha"));
        var patch = new Patch($"{Name}: {node.Name} ({product.Name})");
        Value vector = summand.Vector is { } made ? patch.AddConst($"{bias.Name}/bias", made, Rewrites.Constants(bias)) : summand.Bias;
        Value[] inputs = [.. product.Inputs, vector];
        return patch.Change(node, n => n.Become(fused, inputs, result));
    }

    /// <summary>The op that a product becomes, or null.</summary>
    private static string? Fused(Node node) => node.Op.Dialect != Dialect.TensorFlow ? null
        : node.Op.Name switch { "Conv2D" => "_FusedConv2D", "MatMul" => "_FusedMatMul", "DepthwiseConv2dNative" => "FusedDepthwiseConv2dNative", _ => null };

    /// <summary>Whether a node is an activation that the fused op of a product knows.</summary>
    private static bool Continues(Node node, Node product) => node.Op.Dialect == Dialect.TensorFlow && node.Inputs.Count == 1 && node.ControlInputs.Count == 0
        && (node.Op.Name is "Relu" or "Relu6" or "Elu" or "LeakyRelu" || (node.Op.Name is "Sigmoid" or "Tanh" && product.Op == "MatMul"));

    /// <summary>What a node adds to the result of a product.</summary>
    /// <param name="Product">The product.</param>
    /// <param name="Bias">What is added.</param>
    /// <param name="Vector">The same with one value per channel; null where it is that already.</param>
    private sealed record Summand(Node Product, Value Bias, Tensor? Vector)
    {
        public static Summand? Of(Node node)
        {
            if (node.Op.Dialect != Dialect.TensorFlow || node.Op.Name is not ("BiasAdd" or "Add" or "AddV2") || node.Inputs is not { Count: 2 } inputs)
                return null;
            for (int i = 0; i < (node.Op == "BiasAdd" ? 1 : 2); i++)
            {
                if (inputs[i] is not { Port: 0, IsPresent: true } data || Fused(data.Node) is null)
                    continue;
                if (node.Op == "BiasAdd")
                    return new Summand(data.Node, inputs[1], null);
                if (Optimize.Product.Of(data.Node) is not { } product || ChannelAffine.Of(node, product.Outputs, product.Rank, product.ChannelsFirst) is not { Scale: null, Shift: { } shift } affine || affine.Data != i)
                    continue;
                Value bias = inputs[1 - i];
                return new Summand(data.Node, bias, bias.Constant!.Shape.Rank == 1 && shift.Length == bias.Constant.ElementCount ? null : FloatElements.Make(shift, product.Weights.DType, new Shape(shift.Length)));
            }

            return null;
        }
    }
}
