using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>
/// Takes the FAKE_QUANT operators of a model that was trained with them out of a subgraph: their ranges become those of what they round.
/// Weights are rounded by them already.
/// </summary>
internal static class TrainedRanges
{
    public static Dictionary<Value, ValueRange> Take(Function function)
    {
        var ranges = new Dictionary<Value, ValueRange>();
        foreach (Node fake in function.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite && n.Op.Name == "FAKE_QUANT").ToList())
        {
            Value rounded = fake.Inputs[0];
            var range = new ValueRange(((FloatAttr)fake.Attributes["min"]!).Value, ((FloatAttr)fake.Attributes["max"]!).Value);
            ranges[rounded] = ranges.TryGetValue(rounded, out ValueRange known) ? known.Union(range) : range;
            Replace(function, fake, rounded);
        }

        return ranges;
    }

    private static void Replace(Function function, Node fake, Value with)
    {
        foreach ((Node reader, int input) in WeightReaders.Of(function, fake))
            reader.Inputs[input] = with;
        for (int i = 0; i < function.Results.Count; i++)
        {
            if (function.Results[i].Value == fake)
                function.Results[i] = (function.Results[i].Result, with);
        }

        // The name of a result stays with what takes its place.
        string name = fake.Name;
        function.RemoveAll(n => n == fake);
        if (with.Port == 0 && function.Results.Exists(r => r.Value == with) && with.Node.Op != Function.ArgOp)
            function.Rename(with.Node, name);
    }
}
