using Decant.IR;
using Decant.Ops.ControlFlow;

namespace Decant.Ops.TFLite;

/// <summary>Operators that call subgraphs.</summary>
internal static class Control
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("CALL", r => Call(r, "subgraph")),
        new TFLiteOp("CALL_ONCE", CallOnce),
        new TFLiteOp("IF", r => Branches(r, [r.Attributes.Function("then_subgraph_index"), r.Attributes.Function("else_subgraph_index")], c => Holds(c, c.Input(0)) ? 0 : 1)),
        new TFLiteOp("STABLEHLO_CASE", r => r.Attributes.Functions("branch_subgraph_indices") is { Count: > 0 and var count } branches
            ? Branches(r, [.. branches], c => c.Int(0) is >= 0 and var i && i < count ? (int)i : count - 1) : throw r.Fail("has no branches")),
        new TFLiteOp("STABLEHLO_COMPOSITE", r => Call(r, "decomposition_subgraph_index")),
        new TFLiteOp("STABLEHLO_WHILE", While),
        new TFLiteOp("WHILE", While),
    ];

    private static Kernel Call(KernelRequest request, string attribute)
    {
        Callable function = Callable(request, request.Attributes.Function(attribute), 0);
        return Kernel.Of(context => context.SetOutputs(context.Call(function, Inputs(context, 0))));
    }

    private static Kernel CallOnce(KernelRequest request)
    {
        Callable function = request.Callable(request.Attributes.Function("init_subgraph_index"), 0, 0);
        return Kernel.Of(context =>
        {
            if (!context.Resources.TryGet<Called>(function.Name, out _))
                context.Call(function, []);
            context.Resources.GetOrAdd(function.Name, () => new Called());
        });
    }

    private static Kernel Branches(KernelRequest request, FunctionAttr[] functions, Func<KernelContext, int> choose)
    {
        Callable[] branches = [.. functions.Select(f => Callable(request, f, 1))];
        return Kernel.Of(context => context.SetOutputs(context.Call(branches[choose(context)], Inputs(context, 1))));
    }

    private static Kernel While(KernelRequest request)
    {
        Callable condition = request.Callable(request.Attributes.Function("cond_subgraph_index"), request.InputCount, 1);
        Callable body = Callable(request, request.Attributes.Function("body_subgraph_index"), 0);
        if (body.ResultCount != request.InputCount)
            throw request.Fail($"the body '{body.Name}' gives {body.ResultCount} results, expected {request.InputCount}, as many as it takes");
        return Kernel.Of(context =>
        {
            Tensor[] state = Inputs(context, 0);
            for (bool isFirst = true; Goes(context, context.Call(condition, state)); isFirst = false)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                Tensor[] next = context.Call(body, state);
                if (!isFirst)
                    context.Release(state);
                state = next;
            }

            context.SetOutputs(state);
        });
    }

    private static bool Goes(KernelContext context, Tensor[] verdict)
    {
        bool goes = Holds(context, verdict[0]);
        context.Release(verdict);
        return goes;
    }

    private static Callable Callable(KernelRequest request, FunctionAttr function, int firstInput) =>
        request.Callable(function, request.InputCount - firstInput, request.UsedOutputs);

    /// <summary>The inputs from an index on; one that is not given is passed on as an empty tensor.</summary>
    private static Tensor[] Inputs(KernelContext context, int first)
    {
        var inputs = new Tensor[context.InputCount - first];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = context.Node.Inputs[first + i].IsPresent ? context.Input(first + i) : new Tensor(DType.Float32, new Shape(0), default(BufferSlice));
        return inputs;
    }

    private static bool Holds(KernelContext context, Tensor condition) =>
        condition.DType == DType.Bool && condition.ElementCount >= 1 ? condition.Span<bool>()[0] : throw context.Fail($"the condition is {condition}, expected a bool");

    /// <summary>Stands for a subgraph that has been called in the session.</summary>
    private sealed class Called;
}
