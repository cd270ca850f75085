using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>The results of a call of a function, each with a counted reference until they are given back.</summary>
internal class CallResults(object[] results)
{
    /// <summary>As the run of the body gives them.</summary>
    public object[] Raw { get; } = results;

    /// <summary>The same as tensors.</summary>
    public Tensor[] Tensors { get; } = new Tensor[results.Length];

    /// <summary>Whether the results are in use.</summary>
    public bool IsOut { get; private set; }

    /// <summary>Hands the results out; of a reference to a variable the value that it has now, as references end where functions do.</summary>
    /// <exception cref="ModelException">One refers to a variable without a value.</exception>
    public void HandOut(string function, Node caller)
    {
        for (int i = 0; i < Raw.Length; i++)
        {
            Tensors[i] = Raw[i] as Tensor ?? ((Variable)Raw[i]).Value
                ?? throw OpErrors.Uninitialized.At(caller.At(), $"the function '{function}' gives the variable '{((Variable)Raw[i]).Name}' before it has a value");
        }

        IsOut = true;
    }

    /// <summary>Takes the results back.</summary>
    public void Release()
    {
        foreach (object result in Raw)
            Slot.Release(result);
        Array.Clear(Raw);
        IsOut = false;
    }
}
