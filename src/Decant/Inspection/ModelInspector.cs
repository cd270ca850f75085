using System.Runtime.InteropServices;
using Decant.Formats.Checkpoint;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Passes;

namespace Decant.Inspection;

/// <summary>Describes models from their structure.</summary>
public static class ModelInspector
{
    /// <summary>The shapes of outputs that no signature tells are inferred in graphs of at most this many nodes.</summary>
    private const int MostInferred = 20_000;

    private const string TFLitePrefix = "tfl.";

    private static readonly HashSet<string> TableOps = new(StringComparer.Ordinal)
    {
        "HashTable", "HashTableV2", "MutableHashTable", "MutableHashTableV2", "MutableDenseHashTable", "MutableDenseHashTableV2",
        "MutableHashTableOfTensors", "MutableHashTableOfTensorsV2", "AnonymousHashTable", "AnonymousMutableHashTable",
    };

    /// <summary>Describes a model by one of its signatures; without a key the default one.</summary>
    /// <exception cref="ModelException">There is no such signature.</exception>
    public static ModelReport Inspect(Model model, string? signature = null)
    {
        SignatureView view = SignatureView.Of(model, signature);
        var ops = new Dictionary<string, int>(StringComparer.Ordinal);
        var devices = new Dictionary<string, int>(StringComparer.Ordinal);
        var tables = new List<string>();
        long parameters = 0;
        long bytes = 0;
        foreach (Node node in model.Functions.Values.Prepend(model.Graph).SelectMany(g => g.Nodes))
        {
            if (node.Op == Function.ArgOp)
                continue;
            CollectionsMarshal.GetValueRefOrAddDefault(ops, node.Op.ToString(), out _)++;
            if (node.Device.Length > 0)
                CollectionsMarshal.GetValueRefOrAddDefault(devices, node.Device, out _)++;
            if (TableOps.Contains(node.Op.Name))
                tables.Add(node.Name);
            if (node.Op.Name == "Const" && node.Attributes["value"] is TensorAttr value)
                Count(value.DType, value.Shape, ref parameters, ref bytes, node.Tensors is [{ Quantization.HasScale: true }, ..]);
        }

        int variables = CountVariables(model, ref parameters, ref bytes);
        NameCount[] counts = Counts(ops, (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : string.CompareOrdinal(a.Name, b.Name));
        Model? inferred = model.TFLite is not null ? model : MacCounter.Counts(counts) || (view.Key.Length == 0 && model.Graph.Nodes.Count <= MostInferred) ? Infer(model, view) : null;
        return new ModelReport
        {
            Format = model.Format,
            Path = model.Path,
            FileBytes = FileSizes.Of(model),
            Producer = model.TensorFlow.Producer,
            Tags = model.TensorFlow.Tags,
            Signatures = model.Signatures,
            SignatureKey = view.Key,
            Inputs = view.Inputs,
            Outputs = view.Key.Length > 0 || model.TFLite is not null ? view.Outputs : [.. view.Outputs.Select(o => Described(o, model, inferred))],
            Nodes = model.Graph.Nodes.Count,
            Ops = counts,
            UnknownOps = Unknown(counts, model),
            Parameters = parameters,
            WeightBytes = bytes,
            Macs = !MacCounter.Counts(counts) ? 0 : inferred is null ? null : MacCounter.Count((model.TFLite is not null ? view.Graph : inferred.Graph).Nodes),
            Devices = Counts(devices, (a, b) => string.CompareOrdinal(a.Name, b.Name)),
            Functions = [.. model.Functions.Keys],
            Variables = variables,
            Assets = [.. model.TensorFlow.Assets.Select(a => a.FileName)],
            Tables = tables,
        };
    }

    /// <summary>What the outputs of a signature need, functions inlined, with its facts; null when these cannot be told.</summary>
    private static Model? Infer(Model model, SignatureView view)
    {
        try
        {
            if (view.Key.Length == 0 && model.Functions.Count == 0)
            {
                InferFacts.Run(model);
                return model;
            }

            Value[] inputs = view.Key.Length > 0 ? [.. view.Inputs.Select(i => view.Resolve(i.Name, isInput: true))] : [];
            Value[] outputs = [.. view.Outputs.Select(o => view.Resolve(o.Name, isInput: false))];
            Model part = InlineFunctions.Run(ExtractSubgraph.Run(model, inputs, outputs), [.. inputs.Concat(outputs).Select(v => v.Node.Name)]);
            InferFacts.Run(part);
            return part;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>An output that the graph itself offers, by what was inferred of it, or else by what its op declares.</summary>
    private static SignatureTensor Described(SignatureTensor output, Model model, Model? inferred)
    {
        DType declared = OutputTypes.Of(model.Graph[output.Name], model.Functions);
        Fact fact = inferred?.Graph.TryGet(output.Name, out Node? node) == true ? node.Fact(0) : Fact.None;
        return output with { DType = declared != DType.Invalid ? declared : output.DType, Shape = fact.Shape.HasRank ? fact.Shape : output.Shape };
    }

    /// <summary>Counts the variables of the graph that the checkpoint has values for; without a graph, all of the checkpoint.</summary>
    private static int CountVariables(Model model, ref long parameters, ref long bytes)
    {
        if (model.Graph.Nodes.Count > 0 || model.Checkpoint is null)
        {
            foreach (VariableEntry variable in model.Variables.Values)
                Count(variable.DType, variable.Shape, ref parameters, ref bytes);
            return model.Variables.Count;
        }

        using CheckpointReader reader = CheckpointReader.Open(model.Checkpoint);
        foreach (CheckpointVariable variable in reader.Variables)
            Count(variable.DType, variable.Shape, ref parameters, ref bytes);
        return reader.Variables.Count;
    }

    private static NameCount[] Counts(Dictionary<string, int> counted, Comparison<NameCount> order)
    {
        var counts = new List<NameCount>(counted.Count);
        foreach ((string name, int count) in counted)
            counts.Add(new NameCount(name, count));
        counts.Sort(order);
        return [.. counts];
    }

    /// <summary>Ops that are not in the catalogue; of TensorFlow Lite, operators that have no kernel.</summary>
    private static string[] Unknown(NameCount[] ops, Model model)
    {
        var unknown = new List<string>();
        foreach ((string op, _) in ops)
        {
            if (model.TFLite is null ? OpCatalogue.Find(op) is null && !model.Functions.ContainsKey(op) && !HasKernel(op)
                : op.StartsWith(TFLitePrefix, StringComparison.Ordinal) && !OpTable.All.TryGet(new OpName(Dialect.TFLite, op[TFLitePrefix.Length..]), out Op? _))
                unknown.Add(op);
        }

        unknown.Sort(StringComparer.Ordinal);
        return [.. unknown];

        // Fused ops that TensorFlow's own optimizers and TensorFlow.js write, such as _FusedConv2D, are in no catalogue but run.
        static bool HasKernel(string op) => OpTable.All.TryGet(new OpName(Dialect.TensorFlow, op), out Op? known) && known is IHasKernel;
    }

    private static void Count(DType dtype, Shape shape, ref long parameters, ref long bytes, bool isScaled = false)
    {
        if (!shape.TryElementCount(out long elements) || !dtype.HasFixedSize())
            return;
        bytes = Saturating.Add(bytes, Saturating.Multiply(elements, dtype.Size()));
        if (isScaled || dtype.IsFloating() || dtype.IsQuantized() || dtype.IsComplex())
            parameters = Saturating.Add(parameters, elements);
    }
}
