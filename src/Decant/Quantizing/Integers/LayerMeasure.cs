using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>
/// Measures the error of each integer operator: one subgraph holds the float operators, a twin of each integer operator that reads the
/// float values rounded, and the integer model as a whole, so that all see the same example.
/// </summary>
internal static class LayerMeasure
{
    public static IReadOnlyList<LayerError> Run(IntegerPlan plan, IntegerOptions options, IReadOnlyDictionary<Value, Observation> seen, IReadOnlyDictionary<string, Function> functions, IReadOnlyList<SignatureTensor> inputs, CalibrationSet set)
    {
        Function source = plan.Function;
        var target = new Function($"{source.Name}_measured") { Attributes = source.Attributes };
        options = options with { InputType = DType.Float32, OutputType = DType.Float32 };
        var empty = new IntegerPlan(source, plan.Activations, [], _ => true, hasIntegerArguments: false);
        IntegerWriter floats = new(empty, target, options, seen), twins = new(plan, target, options, seen), whole = new(plan, target, options, seen);
        for (int i = 0; i < source.Args.Count; i++)
        {
            Node argument = target.AddArg(source.Args[i]);
            argument.Facts = source.ArgNodes[i].Facts;
            floats.Map(source.ArgNodes[i], argument);
            twins.Map(source.ArgNodes[i], argument);
            whole.Map(source.ArgNodes[i], argument);
        }

        var layers = new Dictionary<Value, (Node Node, Sums Sums)>();
        List<Value[]> groups = [];
        foreach (Node node in source.Nodes.Where(n => n.Op != "Const" && n.Op != Function.ArgOp))
        {
            floats.Write(node);
            for (int port = 0; port < Math.Max(1, node.Facts.Count); port++)
                twins.Map(new Value(node, port), floats.Float(new Value(node, port)));
            whole.Write(node);
            if (!plan.IsInteger(node) || plan.Rule(node).Scaling == Scaling.Inputs)
                continue;
            Value result = IntegerPlan.Results(node).First();
            Value twin = twins.Dequantize(new Value(twins.WriteInteger(node, node.Name), result.Port), node.Name);
            groups.Add([floats.Float(result), twin, whole.Dequantize(whole.Made(result)!.Value.Value, node.Name)]);
            layers[groups[^1][0]] = (node, new Sums());
        }

        TensorSpec.Declare(target);
        using var run = new SetRun(functions, target, inputs, set, groups);
        run.Run((_, group, tensors) => layers[group[0]].Sums.Add(tensors[0].Span<float>(), tensors[1].Span<float>(), tensors[2].Span<float>()));
        return [.. layers.Values.Select(l => new LayerError(l.Node.Name, l.Node.Op.Name, plan.Grid(IntegerPlan.Results(l.Node).First()).Scale, l.Sums.Noise(l.Sums.Own), l.Sums.Noise(l.Sums.Total), l.Sums.Largest))];
    }

    private sealed class Sums
    {
        private double _signal;

        public double Own { get; private set; }

        public double Total { get; private set; }

        public double Largest { get; private set; }

        public void Add(ReadOnlySpan<float> values, ReadOnlySpan<float> own, ReadOnlySpan<float> total)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double error = (double)own[i] - values[i], all = (double)total[i] - values[i];
                _signal += (double)values[i] * values[i];
                Own += error * error;
                Total += all * all;
                Largest = Math.Max(Largest, Math.Abs(error));
            }
        }

        public double Noise(double errors) => errors == 0 ? 0 : errors / Math.Max(_signal, double.Epsilon);
    }
}
