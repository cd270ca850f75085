using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Conv2D(x, w) = Conv2D(FQ(x), FQ(w)) with FQ = FakeQuantWithMinMaxVars of 8 bits, and the same for MatMul: what the net gives when it computes
/// with 8-bit integers. Ranges are those of the constant, of the activation (Relu6, Sigmoid, Tanh), or found in each run.
/// </summary>
/// <remarks>The original averaged ranges over the steps of a training, in variables that it added. There are no steps here.</remarks>
internal sealed class FakeQuantizeTraining() : Pass("fake_quantize_training")
{
    private const string FakeQuant = "FakeQuantWithMinMaxVars";
    private const int Steps = 255;

    public static PassEntry Entry { get; } = new("fake_quantize_training", "Rounds the inputs of Conv2D and MatMul to 8 bits, to see what quantizing would do", _ => new FakeQuantizeTraining());

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        var quantized = new Dictionary<Value, Node>();
        foreach (Node node in TopologicalOrder.Of(context.Graph).Where(n => n.Op.Name is "Conv2D" or "MatMul" && !n.Name.StartsWith("gradients", StringComparison.Ordinal)))
        {
            if (node.Attributes["T"] is not TypeAttr { Value: DType.Float32 } || node.Inputs.Exists(i => !i.IsPresent))
                continue;
            var patch = new Patch($"{Name}: {node.Name}");
            Value[] inputs = [.. node.Inputs.Select(i => Quantized(i, quantized, patch, node, context))];
            if (!inputs.SequenceEqual(node.Inputs))
            {
                yield return patch.Change(node, n =>
                {
                    for (int i = 0; i < inputs.Length; i++)
                        n.Inputs[i] = inputs[i];
                });
            }
        }
    }

    private static Value Quantized(Value value, Dictionary<Value, Node> quantized, Patch patch, Node reader, PassContext context)
    {
        if (value.Node.Op == FakeQuant)
            return value;
        if (quantized.TryGetValue(value, out Node? there))
            return there;
        string name = $"{value.Node.Name}{(value.Port == 0 ? "" : $"__port__{value.Port}")}_fakequant";
        (Value Min, Value Max) range;
        if (value.Constant is { } constant)
        {
            if (!FloatConstants.TryRange(constant, out float min, out float max) || !float.IsNormal((max - Math.Min(min, 0)) / Steps))
            {
                context.Decline(reader, $"'{value.Node.Name}' holds zeros alone, or values that are no finite numbers");
                return value;
            }

            range = (Constant("min", Math.Min(min, 0)), Constant("max", max));
        }
        else
        {
            range = Known(value) switch
            {
                (float min, float max) => (Constant("min", min), Constant("max", max)),
                (float min, null) => (Constant("min", min), Extreme("Max", "Maximum")),
                _ => (Extreme("Min", "Minimum"), Extreme("Max", "Maximum")),
            };
        }

        Node fake = patch.Add(name, FakeQuant, [value, range.Min, range.Max], new AttributeMap { { "num_bits", 8L } });
        fake.Device = value.Node.Device;
        return quantized[value] = fake;

        // What has no inputs waits for the value, so that it is in the same loop.
        Node Constant(string part, float number) => Placed(patch.AddConst($"{name}/{part}", Tensor.Scalar(number)));
        Node Placed(Node node)
        {
            if (value.Node.Op == "Const")
                node.ControlInputs.AddRange(value.Node.ControlInputs);
            else
                node.ControlInputs.Add(value.Node);
            return node;
        }

        Value Extreme(string reduce, string with)
        {
            string part = reduce.ToLowerInvariant();
            var attributes = new AttributeMap { { "T", DType.Float32 } };
            Node flat = patch.Add($"{name}/{part}/reshape", "Reshape", [value, Placed(patch.AddConst($"{name}/{part}/reshape_dims", Tensor.Wrap([-1])))], attributes);
            Node found = patch.Add($"{name}/{part}/found", reduce, [flat, Placed(patch.AddConst($"{name}/{part}/reduction_dims", Tensor.Wrap([0])))], attributes.Clone());
            return patch.Add($"{name}/{part}", with, [found, Constant($"{part}/zero", 0)], attributes.Clone());
        }
    }

    /// <summary>The range that the op behind a value has by itself; what picks and moves values has that of its input.</summary>
    private static (float? Min, float? Max) Known(Value value)
    {
        Node node = value.Node;
        while (node.Op.Name is "Identity" or "MaxPool" or "AvgPool" or "MaxPool3D" or "AvgPool3D" or "Reshape" && node.Inputs.Count > 0 && node.Inputs[0].IsPresent)
            node = node.Inputs[0].Node;
        return node.Op.Name switch
        {
            "Relu" => (0, null),
            "Relu6" => (0, 6),
            "Sigmoid" => (0, 1),
            "Tanh" => (-1, 1),
            _ => (null, null),
        };
    }
}
