using System.Runtime.CompilerServices;
using Decant.IR;
using Decant.Passes.ControlFlow;
using Decant.Runtime;

namespace Decant.Comparison;

/// <summary>
/// Runs large models once in little memory: piece by piece, each in a session of its own, so that no more weights are in memory than one
/// piece has. What a piece gives to later ones is all that is held between.
/// </summary>
internal static class PiecewiseRun
{
    /// <summary>Gives what <see cref="Session.Run"/> gives for the same names.</summary>
    public static IReadOnlyDictionary<string, Tensor> Run(Model model, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<string> outputs, string? signature = null, SessionOptions? options = null)
    {
        var view = SignatureView.Of(model, signature);
        Dictionary<Value, Tensor> given = inputs.ToDictionary(i => view.Resolve(i.Key, isInput: true), i => i.Value);
        Value[] wanted = [.. outputs.Select(o => view.Resolve(o, isInput: false))];

        // Loops of TensorFlow 1 are cycles, which have no pieces that follow each other.
        if (view.Graph == model.Graph && !view.Graph.HasControlFlow() && WeightPieces.Cut(given.Keys, wanted) is { Count: > 1 } pieces && Run(model, pieces, given, wanted, options))
            return outputs.Zip(wanted).ToDictionary(o => o.First, o => given[o.Second]);
        using var session = new Session(model, options ?? new SessionOptions());
        return session.Run(inputs, outputs, signature);
    }

    /// <summary>Runs the pieces, and adds what is wanted to the values at hand; false when something that cannot be given away leads from one to another.</summary>
    private static bool Run(Model model, List<HashSet<Node>> pieces, Dictionary<Value, Tensor> values, Value[] wanted, SessionOptions? options)
    {
        // Without signatures, whose names may be those of other tensors.
        var graph = new Model { Graph = model.Graph, Format = model.Format, Path = model.Path, TFLite = model.TFLite };
        foreach ((string name, Function function) in model.Functions)
            graph.Functions[name] = function;
        BufferOwner[] files = [.. model.Graph.Nodes.Select(n => n.Attributes["value"]).OfType<TensorAttr>().Where(t => t.DType.HasFixedSize()).Select(t => t.Value.Data.Owner).OfType<MappedFile>().Distinct()];
        var memory = new ResidentMemory();
        for (int i = 0; i < pieces.Count; i++)
        {
            Value[] read = [.. pieces[i].SelectMany(n => n.Inputs.AsSpan().ToArray()).Where(values.ContainsKey).Distinct()];
            HashSet<Value> later = [.. pieces.Skip(i + 1).SelectMany(p => p).SelectMany(n => n.Inputs.AsSpan().ToArray()), .. wanted];
            Value[] made = [.. later.Where(v => v.IsPresent && (pieces[i].Contains(v.Node) || (i == pieces.Count - 1 && !values.ContainsKey(v))) && !values.ContainsKey(v))];
            RunPiece(graph, values, read, made, options);
            foreach (Value done in values.Keys.Where(v => !later.Contains(v)).ToList())
                values.Remove(done);
            if (made.Any(v => !values[v].DType.HasFixedSize() && values[v].DType != DType.String))
                return false;
            foreach (BufferOwner file in files)
                file.Forget();
            memory.Collect();
        }

        return true;
    }

    // Not inlined, so that nothing refers to the session when the collector is asked.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunPiece(Model graph, Dictionary<Value, Tensor> values, Value[] read, Value[] made, SessionOptions? options)
    {
        using var session = new Session(graph, (options ?? new SessionOptions()) with { RunsOnce = true });
        IReadOnlyDictionary<string, Tensor> results = session.Run(read.ToDictionary(v => v.ToString(), v => values[v]), [.. made.Select(v => v.ToString())]);
        foreach (Value value in made)
            values[value] = results[value.ToString()];
    }
}
