using Decant.IR;
using Decant.Ops.Catalogue;
using Decant.Ops.TFLite;

namespace Decant.Lowering.Raising;

/// <summary>The ops of TensorFlow that an operator of TensorFlow Lite is: the values of its outputs.</summary>
internal delegate Value[] RaisingRule(RaisingContext context);

/// <summary>The operators that can be expressed in TensorFlow's ops.</summary>
internal static class RaisingTable
{
    private static readonly Dictionary<string, RaisingRule> Rules =
        ElementRules.All.Concat(ArrayRules.All).Concat(ControlRules.All).Concat(DetectionRules.All).Concat(NeuralRules.All).Concat(LstmRules.All).Concat(RecurrentRules.All).ToDictionary(r => r.Name, r => r.Rule, StringComparer.Ordinal);

    /// <summary>The operators, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. Rules.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The rule for an operator; null when there is none.</summary>
    public static RaisingRule? Find(OpName op) =>
        op.Dialect != Dialect.TFLite ? null : SelectOp.TensorFlow(op) is { } select ? c => [.. Ports(Select(c, select))] : Rules.GetValueOrDefault(op.Name);

    /// <summary>A rule for an op on the same inputs.</summary>
    public static RaisingRule Same(string op) => c => Ports(c.Op(op, [.. c.Inputs]));

    /// <summary>A rule for an op on the same inputs, with attributes.</summary>
    public static RaisingRule Same(string op, Func<RaisingContext, AttributeMap> attributes) => c => Ports(c.Op(op, [.. c.Inputs], attributes(c)));

    /// <summary>All outputs of a value's node.</summary>
    public static Value[] Ports(Value first) => [.. Enumerable.Range(0, first.Node.Facts.Count).Select(port => new Value(first.Node, port))];

    // The attributes are TensorFlow's beside those of TensorFlow Lite.
    private static Value Select(RaisingContext c, string op)
    {
        OpDef definition = OpCatalogue.Find(op)!;
        var attributes = new AttributeMap();
        foreach ((string name, AttrValue value) in c.Node.Attributes)
        {
            if (definition.Attribute(name) is not null)
                attributes.Set(name, value);
        }

        return c.Op(op, [.. c.Inputs], attributes);
    }
}
