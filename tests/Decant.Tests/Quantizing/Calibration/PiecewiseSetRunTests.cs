using Decant.IR;
using Decant.Quantizing.Calibration;

namespace Decant.Tests.Quantizing.Calibration;

public class PiecewiseSetRunTests
{
    // Nine products of 16 MB of weights each, more than is run as a whole; the last adds what the first gave.
    private const int Layers = 9, Units = 2048;

    [Fact]
    public void Pieces_show_what_a_whole_run_shows_in_the_order_of_the_examples()
    {
        Function function = Chain(), uncut = Chain();

        // What must run besides is run with the whole.
        uncut.ControlResults.Add(("done", uncut["sum"]));
        SignatureTensor[] inputs = [new("x", "x:0", DType.Float32, new Shape(-1, Units))];
        var set = new GivenSet([.. Enumerable.Range(0, 4).Select(e => new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Range(0, Units).Select(i => ((i * 7) + e) % 11 / 16f)], new Shape(1, Units)) })], null);
        Value[] values = [.. function.Nodes.Where(n => n.Op != "Const").Select(n => (Value)n)];

        Value[] Of(Function chain) => [.. values.Select(v => (Value)chain[v.Node.Name])];
        Dictionary<(string, string), float[]> whole = Shown(uncut, [.. Of(uncut).Select(v => new[] { v })]), pieces = Shown(function, [.. values.Select(v => new[] { v })]);
        Assert.Equal(4 * (Layers + 2), whole.Count);
        Assert.Equal(whole.Keys.Order(), pieces.Keys.Order());
        foreach ((var key, float[] expected) in whole)
            Assert.Equal(expected, pieces[key]);
        foreach (IGrouping<string, (string Value, string Example)> value in pieces.Keys.GroupBy(k => k.Item1))
            Assert.Equal(["example 0", "example 1", "example 2", "example 3"], value.Select(v => v.Example));

        // The first of a group is there before the others, and is shown with the last of them.
        Dictionary<(string, string), float[]> joined = [];
        using (var run = new SetRun(new Dictionary<string, Function>(), function, inputs, set, [.. values.Select(v => new[] { values[0], v, function["layer_0"] })]))
        {
            run.Run((example, group, tensors) =>
            {
                joined.Add((group[1].Node.Name, example.Source), tensors[1].Span<float>().ToArray());
                Assert.Equal(whole[("x", example.Source)], tensors[0].Span<float>().ToArray());
                Assert.Equal(whole[("layer_0", example.Source)], tensors[2].Span<float>().ToArray());
            });
        }

        Assert.Equal(whole.Keys.Order(), joined.Keys.Order());
        Assert.All(whole, w => Assert.Equal(w.Value, joined[w.Key]));

        Dictionary<(string, string), float[]> Shown(Function function, IReadOnlyList<Value>[] groups)
        {
            var shown = new Dictionary<(string, string), float[]>();
            using var run = new SetRun(new Dictionary<string, Function>(), function, inputs, set, groups);
            Assert.Equal(4, run.Run((example, group, tensors) => shown.Add((group[0].Node.Name, example.Source), tensors[0].Span<float>().ToArray())));
            return shown;
        }
    }

    private static Function Chain()
    {
        var function = new Function("chain");
        var type = new AttributeMap { { "T", DType.Float32 } };
        Node x = function.AddArg(new FunctionArg("x", DType.Float32)), first = x;
        for (int i = 0; i < Layers; i++)
        {
            var random = new Random(i);
            Node weights = function.AddConst($"weights_{i}", Tensor.Wrap([.. Enumerable.Range(0, Units * Units).Select(_ => (random.NextSingle() - 0.5f) / 16)], new Shape(Units, Units)));
            x = function.Add($"layer_{i}", "MatMul", [x, weights], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
            first = i == 0 ? x : first;
        }

        function.Add("sum", "AddV2", [x, first], type);
        return function;
    }
}
