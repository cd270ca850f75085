using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>The names of a call of a session, resolved.</summary>
/// <param name="Program">What runs it.</param>
/// <param name="InputNames">The inputs.</param>
/// <param name="Inputs">The values they feed, in the same order.</param>
/// <param name="Fetches">The outputs that are values.</param>
/// <param name="Targets">The outputs that are nodes to be run for their effects.</param>
/// <param name="OutputNames">All outputs as they were asked for; null for those of the signature.</param>
/// <param name="Signature">The signature that was asked for.</param>
internal sealed record SessionCall(
    Program Program, string[] InputNames, Value[] Inputs, (string Name, Value Value)[] Fetches, Value[] Targets, string[]? OutputNames, string? Signature)
{
    /// <summary>Whether a call with these names is this one.</summary>
    public bool IsFor(IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string>? outputs, string? signature)
    {
        if (signature != Signature || inputs.Count != InputNames.Length || (outputs is null) != (OutputNames is null) || (outputs is not null && outputs.Count != OutputNames!.Length))
            return false;
        for (int i = 0; i < (outputs?.Count ?? 0); i++)
        {
            if (outputs![i] != OutputNames![i])
                return false;
        }

        return Array.TrueForAll(InputNames, inputs.ContainsKey);
    }

    /// <summary>The values to feed, checked.</summary>
    public object[] Feeds(IReadOnlyDictionary<string, Tensor> inputs)
    {
        object[] feeds = new object[Inputs.Length];
        for (int i = 0; i < feeds.Length; i++)
            feeds[i] = Runtime.Feeds.Check(Inputs[i], inputs[InputNames[i]], InputNames[i]);
        return feeds;
    }

    /// <summary>The tensor of a result.</summary>
    /// <exception cref="ModelException">It is a variable without a value.</exception>
    public Tensor Output(ReadOnlySpan<object> results, int index) => results[index] as Tensor ?? ((Variable)results[index]).Value
        ?? throw OpErrors.Uninitialized.At(Fetches[index].Value.Node.At(), "the variable has no value", "open the checkpoint together with the graph, or run the model's initializer first");
}
