namespace Decant.Ops.ControlFlow;

/// <summary>Calls one of two functions.</summary>
internal sealed class If(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => FunctionCalls.InferResults(context, "Tout");

    public Kernel Prepare(KernelRequest request)
    {
        Callable then = request.Callable(request.Attributes.Function("then_branch"), request.InputCount - 1, request.UsedOutputs);
        Callable otherwise = request.Callable(request.Attributes.Function("else_branch"), request.InputCount - 1, request.UsedOutputs);
        return Kernel.Of(context => context.SetOutputs(context.Call(Truth.Of(context, context.Input(0)) ? then : otherwise, firstInput: 1)));
    }
}

/// <summary>Calls the function of an index; one out of range calls the last.</summary>
internal sealed class Case(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => FunctionCalls.InferResults(context, "Tout");

    public Kernel Prepare(KernelRequest request)
    {
        Callable[] branches = [.. request.Attributes.Functions("branches").Select(f => request.Callable(f, request.InputCount - 1, request.UsedOutputs))];
        if (branches.Length == 0)
            throw request.Fail("has no branches, expected at least one");
        return Kernel.Of(context =>
        {
            long index = context.Int(0);
            context.SetOutputs(context.Call(branches[(ulong)index < (ulong)branches.Length ? index : branches.Length - 1], firstInput: 1));
        });
    }
}
