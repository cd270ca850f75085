using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>Calls the function that has the name of the node's op.</summary>
internal sealed class FunctionCallKernel : Kernel
{
    private readonly FunctionCall _function;

    private FunctionCallKernel(FunctionCall function) => _function = function;

    /// <exception cref="ModelException">The node does not fit the function.</exception>
    public static FunctionCallKernel Of(Node node, FunctionCall function, int usedOutputs)
    {
        if (node.Inputs.Count != function.ArgCount)
            throw GraphErrors.BadInputs.At(node.At(), $"calls the function '{function.Name}' with {node.Inputs.Count} values, but it takes {function.ArgCount}");
        if (function.ResultCount < usedOutputs)
            throw GraphErrors.BadInputs.At(node.At(), $"reads {usedOutputs} results of the function '{function.Name}', but it gives {function.ResultCount}");
        return new FunctionCallKernel(function);
    }

    public override void Run(KernelContext context)
    {
        Tensor[] results = context.Call(_function, firstInput: 0);
        for (int i = 0; i < results.Length; i++)
            context.SetOutput(i, results[i]);
    }
}
