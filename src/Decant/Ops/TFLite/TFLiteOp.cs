using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>An operator of TensorFlow Lite: a builtin one, or a custom one that its runtime brings along.</summary>
internal sealed class TFLiteOp(string name, Func<KernelRequest, Kernel> prepare) : Op(new OpName(Dialect.TFLite, name)), IHasKernel
{
    public Kernel Prepare(KernelRequest request) => prepare(request);
}
