using Decant.IR;
using Decant.Ops;

namespace Decant.Passes.Optimize;

/// <summary>
/// if true then f else g = f: an <c>If</c> or <c>Case</c> of a constant becomes the call of its branch, a <c>While</c> whose condition is constantly
/// false its inputs.
/// </summary>
internal sealed class DeadBranches() : NodePass("dead_branches")
{
    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op.Dialect != Dialect.TensorFlow || node.Inputs.Count == 0 || node.Inputs.Exists(v => !v.IsPresent))
            return null;
        switch (node.Op.Name)
        {
            case "If" or "StatelessIf" when node.Inputs[0].Constant is { } predicate:
                return Truth(predicate) is { } truth ? Call(node, new NodeAttributes(node).Function(truth ? "then_branch" : "else_branch"))
                    : context.Decline(node, $"its predicate {predicate} is not one bool or number");
            case "Case" or "StatelessCase" when node.Inputs[0].Constant is { DType: DType.Int32, ElementCount: 1 } index:
                IReadOnlyList<FunctionAttr> branches = new NodeAttributes(node).Functions("branches");
                int taken = index.Span<int>()[0];
                return Call(node, branches[taken >= 0 && taken < branches.Count ? taken : branches.Count - 1]);
            case "While" or "StatelessWhile" when IsNeverEntered(node, context):
                return node.Inputs.Count == 1 ? Rewrites.Forward(Name, node, node.Inputs[0], "its condition is false")
                    : new Patch($"{Name}: {node.Name} (its condition is false)").Change(node, n => n.Become("IdentityN", [.. n.Inputs], new AttributeMap { { "T", n.Attributes["T"]! } }));
            default:
                return null;
        }
    }

    private Patch Call(Node node, FunctionAttr branch) => new Patch($"{Name}: {node.Name} (always {branch.Name})").Change(node, n => n.Become(
        n.Op.Name.StartsWith("Stateless", StringComparison.Ordinal) ? "PartitionedCall" : "StatefulPartitionedCall", n.Inputs.AsSpan()[1..],
        new AttributeMap { { "Tin", n.Attributes["Tin"]! }, { "Tout", n.Attributes["Tout"]! }, { "f", branch } }, [.. Rewrites.Waits([n, n.Inputs[0].Node])]));

    private static bool IsNeverEntered(Node node, PassContext context) =>
        node.Attributes["cond"] is FunctionAttr condition && context.Model.Functions.TryGetValue(condition.Name, out Function? function)
        && function.Results is [{ Value: var result }] && result.Constant is { } value && Truth(value) == false;

    /// <summary>What TensorFlow takes a scalar for; null for tensors of another rank, whose elements are counted, and for strings.</summary>
    private static bool? Truth(Tensor value) => value.Shape.Rank != 0 ? null : value.DType switch
    {
        DType.Bool => value.Data.Span[0] != 0,
        DType.Int32 => value.Span<int>()[0] != 0,
        DType.Int64 => value.Span<long>()[0] != 0,
        DType.Float32 => value.Span<float>()[0] != 0,
        _ => null,
    };
}
