using System.Runtime.CompilerServices;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Quantizing.Calibration;

/// <summary>
/// Runs a subgraph with many weights over examples, piece by piece: some examples go through a piece, then through the next one, so that the
/// weights of one piece alone are in memory.
/// </summary>
internal sealed class PiecewiseSetRun
{
    /// <summary>What pieces give to later ones may take so many bytes for the examples that go through together.</summary>
    private const long LargestHeld = 32L << 20;

    private const int MostExamples = 256;

    private readonly Engine _engine;
    private readonly Value[] _feeds;
    private readonly List<Piece> _pieces;

    private PiecewiseSetRun(Engine engine, Value[] feeds, List<Piece> pieces) => (_engine, _feeds, _pieces) = (engine, feeds, pieces);

    /// <summary>Cuts what values need; null when it runs as a whole, as small models do.</summary>
    /// <param name="engine">What runs it.</param>
    /// <param name="feeds">The inputs.</param>
    /// <param name="groups">The values to show, one in each group.</param>
    public static PiecewiseSetRun? Of(Engine engine, Value[] feeds, IReadOnlyList<IReadOnlyList<Value>> groups)
    {
        Value[] shown = [.. groups.SelectMany(g => g)];
        if (groups.Any(g => g.Count != 1) || WeightPieces.Cut(feeds, shown) is not { Count: > 1 } cut)
            return null;
        HashSet<Value> known = [.. feeds];
        HashSet<Node> run = [.. cut.SelectMany(p => p)];
        List<Piece> pieces = [];
        for (int i = 0; i < cut.Count; i++)
        {
            // Inputs are shown by the first piece, and what is computed of constants alone, which is in none, by the last one.
            HashSet<Value> read = Inputs(cut[i]), later = [.. cut.Skip(i + 1).SelectMany(Inputs)];
            Value[] show = [.. shown.Where(v => feeds.Contains(v) ? i == 0 : run.Contains(v.Node) ? cut[i].Contains(v.Node) : i == cut.Count - 1)];
            Value[] kept = [.. later.Where(v => v.IsPresent && cut[i].Contains(v.Node))];
            pieces.Add(new Piece([.. read.Union(show.Where(feeds.Contains)).Where(known.Contains)], show, kept, later));
            known.UnionWith(kept);
        }

        return new PiecewiseSetRun(engine, feeds, pieces);
    }

    /// <summary>Runs all examples.</summary>
    /// <param name="examples">The examples, with the values of the inputs.</param>
    /// <param name="run">Runs a program on an example.</param>
    /// <param name="show">Is given each value of each example, those of a value in the order of the examples.</param>
    public void Run(IEnumerable<(CalibrationExample Example, object[] Feeds)> examples, Func<CalibrationExample, Runtime.Program, object[], object[]> run, Action<CalibrationExample, IReadOnlyList<Value>, Tensor[]> show)
    {
        List<(CalibrationExample Example, Dictionary<Value, object> Values)> batch = [];
        int most = 1;
        foreach ((CalibrationExample example, object[] feeds) in examples)
        {
            batch.Add((example, _feeds.Zip(feeds).ToDictionary(f => f.First, f => f.Second)));
            if (batch.Count < most)
                continue;
            most = (int)Math.Clamp(LargestHeld * batch.Count / Math.Max(1, Through(batch, run, show)), 1, MostExamples);
            batch.Clear();
        }

        if (batch.Count > 0)
            Through(batch, run, show);
    }

    private static HashSet<Value> Inputs(IEnumerable<Node> nodes) => [.. nodes.SelectMany(n => n.Inputs.AsSpan().ToArray())];

    /// <summary>Takes examples through all pieces, and gives the most bytes that were held between two of them.</summary>
    private long Through(List<(CalibrationExample Example, Dictionary<Value, object> Values)> batch, Func<CalibrationExample, Runtime.Program, object[], object[]> run, Action<CalibrationExample, IReadOnlyList<Value>, Tensor[]> show)
    {
        long held = 0;
        var memory = new ResidentMemory();
        foreach (Piece piece in _pieces)
        {
            Through(piece, batch, run, show);
            held = Math.Max(held, batch.Sum(b => b.Values.Values.OfType<Tensor>().Sum(t => t.DType.HasFixedSize() ? t.Data.Length : 0)));
            memory.Collect();
        }

        return held;
    }

    // Not inlined, so that nothing refers to the program when the collector is asked.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Through(Piece piece, List<(CalibrationExample Example, Dictionary<Value, object> Values)> batch, Func<CalibrationExample, Runtime.Program, object[], object[]> run, Action<CalibrationExample, IReadOnlyList<Value>, Tensor[]> show)
    {
        Runtime.Program program = new ProgramBuilder(_engine).Build(piece.Read, [.. piece.Shown, .. piece.Kept], []);
        foreach ((CalibrationExample example, Dictionary<Value, object> values) in batch)
        {
            object[] results = run(example, program, [.. piece.Read.Select(v => values[v])]);
            for (int i = 0; i < piece.Shown.Length; i++)
            {
                show(example, [piece.Shown[i]], [(Tensor)results[i]]);
                Slot.Release(results[i]);
            }

            for (int i = 0; i < piece.Kept.Length; i++)
                values[piece.Kept[i]] = results[piece.Shown.Length + i];
            foreach ((Value done, object value) in values.Where(v => !piece.Later.Contains(v.Key)).ToList())
            {
                values.Remove(done);
                Slot.Release(value);
            }
        }
    }

    /// <summary>A piece: what it reads, shows, and keeps for later ones, and all that these read.</summary>
    private sealed record Piece(Value[] Read, Value[] Shown, Value[] Kept, HashSet<Value> Later);
}
