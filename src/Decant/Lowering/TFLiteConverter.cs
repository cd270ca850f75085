using Decant.IR;
using Decant.Lowering.Fusions;
using Decant.Passes;
using Decant.Passes.ControlFlow;
using Decant.Passes.Freeze;
using Decant.Passes.Optimize;
using Decant.Quantizing;

namespace Decant.Lowering;

/// <summary>
/// Converts models to TensorFlow Lite: freezes and optimizes the graph of each signature, expresses its nodes in TensorFlow Lite's
/// operators, and fuses those. Models of TensorFlow Lite are quantized.
/// </summary>
public static class TFLiteConverter
{
    private const string DefaultSignature = "serving_default";

    /// <summary>Converts a model, which stays as it is and owns the files.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="read">The value of a variable, given its node.</param>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or nodes have no form in TensorFlow Lite; all of those are told.</exception>
    public static ConvertResult Run(Model model, ConvertOptions options, Func<Node, Tensor> read)
    {
        if (model.TFLite is not null)
            return options.Quantize != QuantizationMode.None ? Quantize(model, options)
                : throw ConvertErrors.CannotConvert.At(new Location(model.Path), "the model is one of TensorFlow Lite already", "say how it is to be quantized: --quantize float16, dynamic, int8 or int16");
        if (options.Signatures.Count > 1 && (options.Inputs ?? options.Outputs) is not null)
            throw ConvertErrors.CannotConvert.At(new Location(model.Path), "inputs and outputs are named for several signatures", "name them for one signature, or none");
        var lowered = new LoweredModel(options, embedsLists: false);
        try
        {
            return Run(model, lowered, read);
        }
        catch (ModelException) when (options.AllowSelectOps && lowered.RefusesLists)
        {
            // A list of which an op has no form is TensorFlow's in all of its ops.
            return Run(model, new LoweredModel(options, embedsLists: true), read);
        }
    }

    private static ConvertResult Run(Model model, LoweredModel shared, Func<Node, Tensor> read)
    {
        ConvertOptions options = shared.Options;
        List<Signature> signatures = [];
        List<ConvertedSignature> sources = [];

        // What is known of a tensor where the graph is cut becomes the shape of a placeholder.
        if (options.Inputs is not null)
            InferFacts.Run(model);
        string?[] keys = options.Signatures.Count == 0 ? [null] : [.. options.Signatures];
        foreach (string? key in keys)
            shared.Variables.UnionWith(Freezer.Written(model, new FreezeOptions { Signature = key, Inputs = options.Inputs, Outputs = options.Outputs }).Where(model.Variables.ContainsKey));
        foreach (string? key in keys)
        {
            (Signature signature, ConvertedSignature made) = Lower(model, key, options, read, shared);
            signatures.Add(signature);
            sources.Add(made);
        }

        var converted = new Model { Graph = shared.Subgraphs[0], Format = "tflite", Path = model.Path, TFLite = new TFLiteParts { Description = "Converted by Decant." } };
        foreach (Function function in shared.Subgraphs.Skip(1))
            converted.Functions[function.Name] = function;
        Subgraphs.Prune(converted, signatures);
        SessionState.Order(converted);
        IReadOnlyList<(string, string)> kept = OperatorFusions.Run(converted, options.FuseLstm, options.Quantize == QuantizationMode.Int16 ? "the operator has no kernel of int16 activations" : null);
        Subgraphs.Prune(converted, signatures);
        Legality.Check(converted, shared.Refused);
        return Finish(converted, signatures, sources, options) with { KeptLoops = kept };
    }

    /// <summary>Quantizes a model of TensorFlow Lite, which stays as it is.</summary>
    private static ConvertResult Quantize(Model model, ConvertOptions options)
    {
        ModelException Refuse(string reason, string? hint = null) => ConvertErrors.CannotConvert.At(new Location(model.Path), reason, hint);
        if (options.Inputs is not null || options.Outputs is not null || options.InputShapes.Count > 0)
            throw Refuse("parts and shapes are named of a model of TensorFlow Lite, which is quantized as a whole", "convert the TensorFlow model that it was made of");
        Model work = model.Copy();
        if (work.Functions.Values.Prepend(work.Graph).SelectMany(f => f.Nodes).SelectMany(n => n.Tensors).FirstOrDefault(t => t.Sparsity is not null) is { } sparse)
            throw Refuse($"the tensor '{sparse.Name}' is sparse, and quantized weights are dense");
        if (!work.Functions.Values.Prepend(work.Graph).SelectMany(f => f.Nodes).Any(n => n.Op.Dialect == Dialect.TFLite && n.Facts.Any(f => f.DType == DType.Float32)))
            throw Refuse("no operator of the model computes with float32, so that there is nothing to quantize");
        var main = (Function)work.Graph;
        Signature[] chosen = [.. (options.Signatures.Count > 0 ? options.Signatures : model.Signatures.Select(s => s.Key)).Select(k => SignatureView.Of(work, k)).DefaultIfEmpty(SignatureView.Of(work)).Select(InOrder)];
        work.Signatures.Clear();
        return Finish(work, chosen, [.. chosen.Select(s => new ConvertedSignature(s.Key, model, s.Inputs, s.Outputs, HasLostTraining: false))], options);

        // With inputs and outputs as the subgraph has them.
        Signature InOrder(SignatureView view)
        {
            if (view.Graph != main)
                throw Refuse($"the signature '{view.Key}' is of another subgraph than the first", "name one of the first with --signature");
            Value[] outputs = [.. view.Outputs.Select(o => view.Resolve(o.Name, isInput: false))], inputs = [.. view.Inputs.Select(i => view.Resolve(i.Name, isInput: true))];
            if (outputs.Length != main.Results.Count || inputs.Length != main.ArgNodes.Count)
                throw Refuse($"the signature '{view.Key}' has {inputs.Length} inputs and {outputs.Length} outputs, and its subgraph {main.ArgNodes.Count} and {main.Results.Count}");
            return new Signature(
                view.Key.Length > 0 ? view.Key : DefaultSignature, "", [.. main.ArgNodes.Select(n => view.Inputs[Array.IndexOf(inputs, n)])], [.. main.Results.Select(r => view.Outputs[Array.IndexOf(outputs, r.Value)])]);
        }
    }

    /// <summary>Quantizes, and declares what a file says of signatures, tensors and versions.</summary>
    private static ConvertResult Finish(Model converted, IReadOnlyList<Signature> signatures, IReadOnlyList<ConvertedSignature> sources, ConvertOptions options)
    {
        Dictionary<string, QuantizeReport> reports = [];
        if (options.Quantize is QuantizationMode.Int8 or QuantizationMode.Int16)
            converted = WithIntegers(converted, signatures, options, reports);
        else if (options.Quantize != QuantizationMode.None)
            WeightQuantizer.Run(converted, options.Quantize);
        if (options.Quantize != QuantizationMode.None)
        {
            foreach (Function function in converted.Functions.Values.Prepend((Function)converted.Graph))
            {
                Subgraphs.Prune(function);
                function.Reorder(TopologicalOrder.Of(function));
            }
        }

        OutputCopies.Insert(converted, signatures);
        converted.Signatures.AddRange(signatures.Select(s => Named(converted, s)));
        OperatorVersions.Set(converted);
        TensorSpecs.Set(converted, sources);
        Runtimes.Set(converted);
        return new ConvertResult(converted, sources) { Quantization = reports };
    }

    /// <summary>The model with subgraphs of signatures that compute with integers; bodies of control flow stay float, with int8 weights.</summary>
    private static Model WithIntegers(Model model, IReadOnlyList<Signature> signatures, ConvertOptions options, Dictionary<string, QuantizeReport> reports)
    {
        foreach (Function function in model.Functions.Values.Prepend((Function)model.Graph))
            TensorSpec.Declare(function);
        var quantizer = new IntegerQuantizer(model.Functions, options.Quantize, options.Integers);
        Dictionary<string, Function> made = [];
        foreach (Signature signature in signatures)
        {
            var function = (Function)(signature.Function is { } of ? model.Functions[of] : model.Graph);
            (made[signature.Function ?? ""], QuantizeReport report) = quantizer.Run(function, signature.Inputs);
            reports[signature.Key] = report;
        }

        // The float model, which the examples ran through, is not needed any more. States that are carried from step to step would gather the
        // rounding of each, so that activations are quantized where they meet weights and nowhere else.
        var bodies = new Dictionary<string, (IReadOnlyList<(string, string)> All, IReadOnlyList<(string, string)> Hybrid)>();
        foreach (Signature signature in signatures)
        {
            var function = (Function)(signature.Function is { } of ? model.Functions[of] : model.Graph);
            string[] called = [.. Subgraphs.Called(model, [function]).Where(n => !made.ContainsKey(n))];
            foreach (string name in called.Where(n => !bodies.ContainsKey(n)))
            {
                Function body = model.Functions[name];
                IReadOnlyList<(string, string)> all = [.. IntegerQuantizer.FloatOperators(body)];
                DynamicWeights.Run(body, options.Integers.KeepsFloat);
                bodies[name] = (all, [.. IntegerQuantizer.FloatOperators(body).Where(o => body[o.Layer].Inputs.Exists(i => i.IsPresent && i.Node.Op == "Const" && i.Node.Fact(0).DType == DType.Int8) && o.Operator != "DEQUANTIZE")]);
            }

            reports[signature.Key] = reports[signature.Key] with { Bodies = [.. called.SelectMany(n => bodies[n].All)], HybridBodies = [.. called.SelectMany(n => bodies[n].Hybrid)] };
        }

        var integers = new Model { Graph = made[""], Format = model.Format, Path = model.Path, TFLite = model.TFLite };
        foreach ((string name, Function function) in model.Functions)
            integers.Functions[name] = made.GetValueOrDefault(name, function);
        return integers;
    }

    /// <summary>The signature with the tensors that its results have become.</summary>
    private static Signature Named(Model model, Signature signature)
    {
        var function = (Function)(signature.Function is { } name ? model.Functions[name] : model.Graph);
        return signature with { Outputs = [.. signature.Outputs.Select((o, i) => o with { Tensor = function.Results[i].Value.ToString() })] };
    }

    private static (Signature Signature, ConvertedSignature Source) Lower(Model model, string? key, ConvertOptions options, Func<Node, Tensor> read, LoweredModel shared)
    {
        SignatureView view = SignatureView.Of(model, key);
        string[] inputs = [.. options.Inputs ?? [.. view.Inputs.Select(i => i.Name)]], outputs = [.. options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]];
        if (outputs.Length == 0)
            throw ConvertErrors.CannotConvert.At(new Location(model.Path), "the model has no outputs", model.LooseWeights?.Hint ?? "name some: --outputs NAME");
        string Tensor(string name, bool isInput) => view.Resolve(name, isInput).ToString();
        OptimizeResult optimized = Optimizer.Run(model, new OptimizeOptions { Signature = key, Inputs = inputs, Outputs = outputs, KeptVariables = shared.Variables, Without = options.Without }, read);
        Model work = optimized.Model;
        Dictionary<string, string> placed = CutInputs.Find(work.Graph, inputs.Concat(options.InputShapes.Keys).Select(i => (i, view.Resolve(i, isInput: true))));
        foreach ((string name, Shape shape) in options.InputShapes)
            Fix(work.Graph[placed.GetValueOrDefault(name, name)], name, shape);
        if (work.Graph.HasControlFlow() || work.Functions.Values.Any(f => f.HasControlFlow()) || options.InputShapes.Count > 0)
        {
            work = RaiseControlFlow.Run(work, [.. optimized.Inputs.Concat(optimized.Outputs).Select(t => work.Graph.Tensor(t))]);
            work = Optimizer.Run(work, new OptimizeOptions { Inputs = [.. inputs.Where(placed.ContainsKey).Select(i => placed[i]).Distinct()], Outputs = optimized.Outputs, KeptVariables = shared.Variables, Without = options.Without }, read).Model;
        }

        InferFacts.Run(work);
        if (JoinedLists.Run(work, [.. optimized.Outputs.Select(o => work.Graph.Tensor(o))]))
            InferFacts.Run(work);
        var main = new Function(shared.FreeName(shared.Subgraphs.Count == 0 ? "main" : key ?? DefaultSignature));
        shared.Subgraphs.Add(main);
        SessionState.Fill(shared, work, main, read);
        var lowering = new SubgraphLowering(shared, work, work.Graph, main);
        List<SignatureTensor> given = [], wanted = [];
        foreach (string name in inputs)
        {
            if (!placed.TryGetValue(name, out string? place) || !work.Graph.TryGet(place, out Node? node))
                continue;
            if (given.Exists(g => g.Name == name))
                throw ConvertErrors.CannotConvert.At(new Location(model.Path), $"the input '{name}' is named twice");
            lowering.AddArgument(node, node.Name, node.Fact(0), isList: false);
            given.Add(new SignatureTensor(name, lowering.Result(node).ToString(), node.Fact(0).DType, node.Fact(0).Shape));
        }

        Value[] results = [.. outputs.Select(o => work.Graph.Tensor(Tensor(o, isInput: false)))];
        lowering.Run(results);
        for (int i = 0; i < outputs.Length; i++)
        {
            Value result = lowering.Operand(results[i]);
            main.Results.Add((new FunctionArg(outputs[i], DType.Invalid), result));
            wanted.Add(new SignatureTensor(outputs[i], result.ToString(), default, default));
        }

        string named = key ?? (view.Key.Length > 0 ? view.Key : DefaultSignature);
        SignatureTensor Source(SignatureTensor tensor, bool isInput) => tensor with { Tensor = Tensor(tensor.Name, isInput) };
        return (
            new Signature(named, "", given, wanted) { Function = shared.Subgraphs[0] == main ? null : main.Name },
            new ConvertedSignature(named, optimized.Reference, [.. given.Select(t => Source(t, isInput: true))], [.. wanted.Select(t => Source(t, isInput: false))], optimized.HasLostTraining));
    }

    /// <summary>Gives an input the shape that was asked for.</summary>
    private static void Fix(Node node, string name, Shape shape)
    {
        Shape declared = node.Fact(0).Shape;
        if (!declared.IsCompatibleWith(shape))
            throw ConvertErrors.CannotConvert.At(node.At(), $"the input '{name}' has the shape {declared}, which {shape} does not fit");
        node.Attributes.Set("shape", shape);
    }
}
