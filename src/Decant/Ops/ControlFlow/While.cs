namespace Decant.Ops.ControlFlow;

/// <summary>Calls the body on its own results for as long as the condition holds of them.</summary>
internal sealed class While(string name) : Op(name), IInfersFacts, IHasKernel
{
    /// <summary>
    /// The types are the inputs'. Shapes may change from iteration to iteration, so only <c>output_shapes</c> says them;
    /// handles to resources must not, so what is known of them stays.
    /// </summary>
    public void Infer(InferenceContext context)
    {
        FunctionCalls.InferResults(context, "T");
        for (int i = 0; i < context.Outputs.Count && i < context.InputCount; i++)
        {
            if (context.Outputs[i].DType == DType.Resource)
                context.Set(i, context.Input(i));
        }
    }

    public Kernel Prepare(KernelRequest request)
    {
        int count = request.InputCount;
        Callable condition = request.Callable(request.Attributes.Function("cond"), count, 1);
        Callable body = request.Callable(request.Attributes.Function("body"), count, count);
        if (body.ResultCount != count)
            throw request.Fail($"the body '{body.Name}' gives {body.ResultCount} results, expected {count}, as many as it takes");
        return Kernel.Of(context => Run(context, condition, body));
    }

    private static void Run(KernelContext context, Callable condition, Callable body)
    {
        if (!Holds(context, context.Call(condition, firstInput: 0)))
        {
            for (int i = 0; i < context.InputCount; i++)
                context.SetOutput(i, context.Input(i));
            return;
        }

        Tensor[] state = context.Call(body, firstInput: 0);
        while (Holds(context, context.Call(condition, state)))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Tensor[] next = context.Call(body, state);
            context.Release(state);
            state = next;
        }

        context.SetOutputs(state);
    }

    private static bool Holds(KernelContext context, Tensor[] results)
    {
        bool holds = Truth.Of(context, results[0]);
        context.Release(results);
        return holds;
    }
}

/// <summary>Calls the body with a counter and its own results, from start to limit in steps of delta.</summary>
internal sealed class For() : Op("For"), IInfersFacts, IHasKernel
{
    private const int FirstArgument = 3;

    public void Infer(InferenceContext context) => FunctionCalls.InferResults(context, "T");

    public Kernel Prepare(KernelRequest request)
    {
        int count = request.InputCount - FirstArgument;
        Callable body = request.Callable(request.Attributes.Function("body"), count + 1, count);
        if (body.ResultCount != count)
            throw request.Fail($"the body '{body.Name}' gives {body.ResultCount} results, expected {count}");
        return Kernel.Of(context => Run(context, body));
    }

    private static void Run(KernelContext context, Callable body)
    {
        long limit = context.Int(1);
        long delta = context.Int(2);
        if (delta == 0)
            throw context.Fail("counts in steps of 0");
        Tensor[] state = context.Inputs(FirstArgument);
        bool isFirst = true;
        for (long i = context.Int(0); delta > 0 ? i < limit : i > limit; i += delta, isFirst = false)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Tensor[] next = context.Call(body, [Tensor.Scalar((int)i), .. state]);
            if (!isFirst)
                context.Release(state);
            state = next;
        }

        context.SetOutputs(state);
    }
}
