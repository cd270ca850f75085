using Decant.IR;
using Decant.Ops.TFLite.Recurrent;
using Decant.Quantizing.Calibration;
using Decant.Quantizing.Integers;

namespace Decant.Quantizing;

/// <summary>Makes the operators of subgraphs compute with integers: int8, or int16 activations with int8 weights.</summary>
internal sealed class IntegerQuantizer(IReadOnlyDictionary<string, Function> functions, QuantizationMode mode, IntegerOptions options)
{
    private readonly DType _activations = mode == QuantizationMode.Int16 ? DType.Int16 : DType.Int8;

    /// <summary>The subgraph of a signature with integers, and what became of its operators; the one it is made of is used up.</summary>
    /// <param name="function">The subgraph, in order.</param>
    /// <param name="inputs">Its inputs, in the order of the arguments.</param>
    /// <exception cref="ModelException">An example does not fit, or what is asked for is missing.</exception>
    public (Function Function, QuantizeReport Report) Run(Function function, IReadOnlyList<SignatureTensor> inputs)
    {
        Check();
        Dictionary<Value, ValueRange> trained = TrainedRanges.Take(function);
        if (options.Calibration is null && trained.Count == 0 && options.DefaultRange is null)
            throw QuantizeErrors.CannotQuantize.At(null, "the ranges of activations are not known: the model has no FakeQuant ops, and there are no examples", "give examples of the inputs with --calibrate PATH");
        var lstms = new LstmRanges();
        Dictionary<Value, Observation> seen = options.Calibration is { } set ? Calibrate(function, inputs, set, lstms) : [];
        Dictionary<Value, ValueRange> ranges = seen.ToDictionary(s => s.Key, s => s.Value.Range);
        foreach ((Value value, ValueRange range) in trained)
            ranges[value] = range;
        for (int i = 0; i < inputs.Count; i++)
        {
            if (options.InputRanges.TryGetValue(inputs[i].Name, out ValueRange given))
                ranges[function.ArgNodes[i]] = given;
        }

        if (options.DefaultRange is { } rest)
        {
            foreach (Value value in Floats(function))
                ranges.TryAdd(value, rest);
        }

        IntegerPlan Plan(IReadOnlySet<string> floats) => new(function, _activations, new(ranges), n => floats.Contains(n.Name) || options.KeepsFloat(n), options.InputType != DType.Float32, lstms);
        IntegerPlan plan = Plan(new HashSet<string>());
        IReadOnlyList<LayerError> layers = options.Calibration is { } measured && (options.Report || options.AccuracyDrop is not null) ? LayerMeasure.Run(plan, options, seen, functions, inputs, measured) : [];
        AccuracySearch? search = null;
        if (options.AccuracyDrop is { } drop)
        {
            if (options.Labelled is not { } labelled || layers.Count == 0)
                throw QuantizeErrors.CannotQuantize.At(null, "an accuracy is asked for, and there are no examples with labels, or none to calibrate with", "give examples with --calibrate PATH, and with labels: --labelled PATH");
            IntegerOptions floatBorders = options with { InputType = DType.Float32, OutputType = DType.Float32 };
            search = new MixedSearch(functions, inputs, labelled).Run(function, [.. layers.Where(l => plan.Rule(function[l.Layer]).Scaling is Scaling.Free or Scaling.Fixed)], floats => IntegerFunction.Of(Plan(floats), floatBorders, seen), drop);
            plan = Plan(search.Restored.ToHashSet(StringComparer.Ordinal));
        }

        (string, string)[] stayed = [.. FloatOperators(function).Where(f => !plan.IsInteger(function[f.Layer]))];
        return (IntegerFunction.Of(plan, options, seen), new QuantizeReport(plan.Integers.Count(), stayed, options.Report ? layers : [], search));
    }

    /// <summary>The operators of a subgraph that compute with floats, with their kinds.</summary>
    public static IEnumerable<(string Layer, string Operator)> FloatOperators(Function function) =>
        function.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite && n.Op != TFLiteParts.TensorOp && IntegerPlan.Results(n).Any()).Select(n => (n.Name, n.Op.Name));

    private void Check()
    {
        DType[] borders = mode == QuantizationMode.Int16 ? [DType.Float32, DType.Int16] : [DType.Float32, DType.Int8, DType.UInt8];
        foreach ((string what, DType type) in new[] { ("inputs", options.InputType), ("outputs", options.OutputType) })
        {
            if (!borders.Contains(type))
                throw QuantizeErrors.CannotQuantize.At(null, $"{what} of {type.Name()} are asked for, and a model with {_activations.Name()} activations has {string.Join(", ", borders.Select(b => b.Name()))}");
        }
    }

    private Dictionary<Value, Observation> Calibrate(Function function, IReadOnlyList<SignatureTensor> inputs, CalibrationSet set, LstmRanges lstms)
    {
        HashSet<Value> means = !options.CorrectBias ? [] : [.. function.Nodes.Where(n => OperatorRule.Find(n.Op.Name, _activations) is { Weights: >= 0 }).Select(n => n.Inputs[0])];
        using var run = new SetRun(functions, function, inputs, set, Floats(function).Select(v => new[] { v }));
        run.Watch(lstms);
        return Calibrator.Run(run, options, _activations == DType.Int16, means);
    }

    private static IEnumerable<Value> Floats(Function function) => function.Nodes.Where(n => n.Op != "Const" && n.Op != TFLiteParts.TensorOp).SelectMany(IntegerPlan.Results);
}
