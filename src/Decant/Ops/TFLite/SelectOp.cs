using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Ops.TFLite;

/// <summary>
/// An op of TensorFlow in a model of TensorFlow Lite, a "select op": a custom operator with TensorFlow's name behind <c>Flex</c>, whose node
/// has the attributes of TensorFlow's.
/// </summary>
internal sealed class SelectOp(OpName name, string op, IHasKernel inner) : Op(name), IHasKernel
{
    private const string Prefix = "Flex";

    /// <summary>The operator that stands for an op of TensorFlow.</summary>
    public static OpName Of(string op) => new(Dialect.TFLite, Prefix + op);

    /// <summary>The op of TensorFlow that an operator stands for, or null.</summary>
    public static string? TensorFlow(OpName name) =>
        name.Dialect == Dialect.TFLite && name.Name.StartsWith(Prefix, StringComparison.Ordinal) && OpCatalogue.Find(name.Name[Prefix.Length..]) is { } op ? op.Name : null;

    public Kernel Prepare(KernelRequest request)
    {
        var node = new Node(request.Node.Name, op) { Attributes = request.Node.Attributes };
        node.Inputs.AddRange(request.Node.Inputs);
        if (node.Inputs.Exists(v => !v.IsPresent))
            throw request.Fail($"has inputs that are not given, and {op} needs all");
        DeclaredInputs.Check(node);
        if (OpCatalogue.Find(op)!.OutputTypes(node.Attributes) is { } outputs && request.UsedOutputs > outputs.Count)
            throw request.Fail($"has {request.UsedOutputs} outputs that are read, expected at most {outputs.Count}");
        return inner.Prepare(new ForwardedRequest(request, node));
    }
}
