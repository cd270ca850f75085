using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>Makes the subgraph of a plan: the operators, and at the borders what the caller asks for.</summary>
internal static class IntegerFunction
{
    /// <summary>The subgraph under the name of the source, which stays as it is.</summary>
    public static Function Of(IntegerPlan plan, IntegerOptions options, IReadOnlyDictionary<Value, Observation> seen)
    {
        Function source = plan.Function;
        var target = new Function(source.Name) { Attributes = source.Attributes, IsStateful = source.IsStateful };
        var writer = new IntegerWriter(plan, target, options, seen);
        for (int i = 0; i < source.Args.Count; i++)
            Argument(source, i, plan, options, writer, target);
        foreach (Node node in source.Nodes)
        {
            if (node.Op != "Const" && node.Op != Function.ArgOp)
                writer.Write(node);
        }

        foreach ((FunctionArg result, Value value) in source.Results)
            target.Results.Add((result, Result(value, result.Name, plan, options, writer)));
        foreach ((string name, Node node) in source.ControlResults)
            target.ControlResults.Add((name, writer.Float(node).Node));
        TensorSpec.Declare(target);
        return target;
    }

    private static void Argument(Function source, int index, IntegerPlan plan, IntegerOptions options, IntegerWriter writer, Function target)
    {
        Node from = source.ArgNodes[index];
        Fact fact = from.Fact(0);
        bool isFloat = fact.DType == DType.Float32 && options.InputType != DType.Float32;
        Node argument = target.AddArg(isFloat ? source.Args[index] with { DType = options.InputType } : source.Args[index]);
        argument.Facts = [fact];
        if (!isFloat)
        {
            writer.Map(from, argument);
            return;
        }

        Grid grid = plan.BorderGrid(from, from.Name);
        Grid outer = options.InputType == DType.UInt8 ? grid.Unsigned : grid;
        argument.Facts = [outer.Fact(fact.Shape)];
        writer.Map(from, outer == grid ? argument : writer.Requantize(argument, grid, $"{from.Name}_{grid.Type.Name()}"), grid);
    }

    private static Value Result(Value value, string name, IntegerPlan plan, IntegerOptions options, IntegerWriter writer)
    {
        if (value.Node.Fact(value.Port).DType != DType.Float32 || options.OutputType == DType.Float32)
            return writer.Float(value);
        Grid grid = writer.Made(value)?.Grid ?? plan.BorderGrid(value, name);
        Value inner = writer.Integer(value, grid);
        return options.OutputType == DType.UInt8 ? writer.Requantize(inner, grid.Unsigned, value.Node.Name) : inner;
    }
}
