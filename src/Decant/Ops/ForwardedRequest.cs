using Decant.IR;

namespace Decant.Ops;

/// <summary>A request for the kernel of a node that stands for another, with the inputs of that.</summary>
internal class ForwardedRequest(KernelRequest inner, Node node) : KernelRequest(node)
{
    public override int UsedOutputs => inner.UsedOutputs;

    public override Tensor? Constant(int input) => inner.Constant(Own(input));

    public override Func<Tensor>? ConstantSource(int input) => inner.ConstantSource(Own(input));

    internal override ConstantForms Forms => inner.Forms;

    public override bool IsVariable(int input) => inner.IsVariable(Own(input));

    internal override bool RunsOnce => inner.RunsOnce;

    public override DType InputType(int input) => inner.InputType(Own(input));

    public override Callable Function(FunctionAttr function) => inner.Function(function);

    /// <summary>The number of an input in the other request.</summary>
    protected virtual int Own(int input) => input;
}
