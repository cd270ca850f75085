namespace Decant.Ops.ControlFlow;

/// <summary>Calls a function. RemoteCall names a device first, which is always this one.</summary>
internal sealed class PartitionedCall(string name, int firstArgument = 0) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => FunctionCalls.InferResults(context, "Tout");

    public Kernel Prepare(KernelRequest request)
    {
        Callable function = request.Callable(request.Attributes.Function("f"), request.InputCount - firstArgument, request.UsedOutputs);
        return Kernel.Of(context => context.SetOutputs(context.Call(function, firstArgument)));
    }
}

/// <summary>The gradient of a function, which TensorFlow expands when a graph is built; Decant does not.</summary>
internal sealed class SymbolicGradient() : Op("SymbolicGradient"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => FunctionCalls.InferResults(context, "Tout");

    public Kernel Prepare(KernelRequest request) =>
        throw request.NoKernel("for the gradient of a function: name an output that does not need it");
}
