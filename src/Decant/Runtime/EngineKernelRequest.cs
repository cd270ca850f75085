using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Runtime;

/// <summary>The engine's answers to a node whose kernel is being prepared.</summary>
internal sealed class EngineKernelRequest(Engine engine, ConstantValues constants, Node node, int usedOutputs, bool runsOnce = false) : KernelRequest(node)
{
    internal override bool RunsOnce => runsOnce;

    public override int UsedOutputs => usedOutputs;

    public override Tensor? Constant(int input) => constants.Find(Node.Inputs[input])?.Invoke();

    public override Func<Tensor>? ConstantSource(int input) => constants.Find(Node.Inputs[input]);

    internal override ConstantForms Forms => constants.Forms;

    public override bool IsVariable(int input)
    {
        Value value = Node.Inputs[input];
        while (value.Node is { Op.Name: "Identity", Inputs.Count: 1 })
            value = value.Node.Inputs[0];
        return value.Node?.Op.Name is "ReadVariableOp" or "Variable" or "VariableV2";
    }

    public override DType InputType(int input)
    {
        Value value = Node.Inputs[input];
        if (value.Node.Op == IR.Function.ArgOp)
            return (value.Node.Attributes["T"] as TypeAttr)?.Value.Deref() ?? DType.Invalid;
        if (value.Node.Fact(value.Port).DType is not DType.Invalid and DType known)
            return known.Deref();
        IReadOnlyList<DType> types = OpCatalogue.Find(value.Node.Op.Name)?.OutputTypes(value.Node.Attributes) ?? [];
        return value.Port < types.Count ? types[value.Port].Deref() : DType.Invalid;
    }

    public override Callable Function(FunctionAttr function) => engine.Callable(function, Node);
}
