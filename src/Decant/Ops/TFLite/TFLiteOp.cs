using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>An operator of TensorFlow Lite: a builtin one, or a custom one that its runtime brings along.</summary>
internal sealed class TFLiteOp(string name, Func<KernelRequest, Kernel> prepare) : Op(new OpName(Dialect.TFLite, name)), IHasKernel, ICountsFlops
{
    public long Flops(Node node, ReadOnlySpan<Shape> inputs, Shape output) => Macs.Flops(node, inputs, output);

    public Kernel Prepare(KernelRequest request)
    {
        Kernel kernel = prepare(new Checked(request));
        return request.UsedOutputs <= OutputCounts.Most(request, Name.Name) ? kernel : throw request.Fail($"has {request.UsedOutputs} outputs that are read, expected at most {OutputCounts.Most(request, Name.Name)}");
    }

    /// <summary>Says so when a kernel needs an input that the node does not have: files give what they like.</summary>
    private sealed class Checked(KernelRequest inner) : ForwardedRequest(inner, inner.Node)
    {
        protected override int Own(int input) => this.HasInput(input) ? input : throw Fail($"has {InputCount} inputs, of which some may be left out, expected an input {input}");
    }
}
