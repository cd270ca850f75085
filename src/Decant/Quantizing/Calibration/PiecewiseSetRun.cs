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
    private readonly ResidentMemory _memory = new();

    private PiecewiseSetRun(Engine engine, Value[] feeds, List<Piece> pieces) => (_engine, _feeds, _pieces) = (engine, feeds, pieces);

    /// <summary>Cuts what values need; null when it runs as a whole, as small models do.</summary>
    /// <param name="engine">What runs it.</param>
    /// <param name="feeds">The inputs.</param>
    /// <param name="groups">The values to show, those of a group together.</param>
    public static PiecewiseSetRun? Of(Engine engine, Value[] feeds, IReadOnlyList<IReadOnlyList<Value>> groups)
    {
        if (WeightPieces.Cut(feeds, [.. groups.SelectMany(g => g)]) is not { Count: > 1 } cut)
            return null;
        var pieceOf = new Dictionary<Node, int>();
        for (int i = 0; i < cut.Count; i++)
        {
            foreach (Node node in cut[i])
                pieceOf[node] = i;
        }

        // Inputs are there before the first piece; what is computed of constants alone, which is in none, is made by the last one.
        int Made(Value value) => feeds.Contains(value) ? -1 : pieceOf.GetValueOrDefault(value.Node, cut.Count - 1);
        ILookup<int, IReadOnlyList<Value>> shown = groups.ToLookup(g => Math.Max(0, g.Max(Made)));
        HashSet<Value> known = [.. feeds];
        List<Piece> pieces = [];
        for (int i = 0; i < cut.Count; i++)
        {
            HashSet<Value> read = Inputs(cut[i]), later = [.. cut.Skip(i + 1).SelectMany(Inputs), .. Enumerable.Range(i + 1, cut.Count - i - 1).SelectMany(n => shown[n]).SelectMany(g => g)];
            Value[] made = [.. shown[i].SelectMany(g => g).Concat(later).Where(v => v.IsPresent && Made(v) == i && (pieceOf.ContainsKey(v.Node) || !later.Contains(v))).Distinct()];
            pieces.Add(new Piece([.. read.Where(known.Contains)], made, [.. shown[i]], later));
            known.UnionWith(made);
        }

        return new PiecewiseSetRun(engine, feeds, pieces);
    }

    /// <summary>Runs all examples.</summary>
    /// <param name="examples">The examples, with the values of the inputs.</param>
    /// <param name="run">Runs a program on an example.</param>
    /// <param name="show">Is given each group of each example, those of a group in the order of the examples.</param>
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
        foreach (Piece piece in _pieces)
        {
            Through(piece, batch, run, show);
            held = Math.Max(held, batch.Sum(b => b.Values.Values.OfType<Tensor>().Sum(t => t.DType.HasFixedSize() ? t.Data.Length : 0)));
            _memory.Collect();
        }

        return held;
    }

    // Not inlined, so that nothing refers to the program when the collector is asked.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Through(Piece piece, List<(CalibrationExample Example, Dictionary<Value, object> Values)> batch, Func<CalibrationExample, Runtime.Program, object[], object[]> run, Action<CalibrationExample, IReadOnlyList<Value>, Tensor[]> show)
    {
        Runtime.Program program = new ProgramBuilder(_engine).Build(piece.Read, piece.Made, []);
        foreach ((CalibrationExample example, Dictionary<Value, object> values) in batch)
        {
            object[] results = run(example, program, [.. piece.Read.Select(v => values[v])]);
            for (int i = 0; i < results.Length; i++)
                values[piece.Made[i]] = results[i];
            foreach (IReadOnlyList<Value> group in piece.Groups)
                show(example, group, [.. group.Select(v => (Tensor)values[v])]);
            foreach ((Value done, object value) in values.Where(v => !piece.Later.Contains(v.Key)).ToList())
            {
                values.Remove(done);
                Slot.Release(value);
            }
        }
    }

    /// <summary>A piece: what it reads and makes, the groups that are complete with it, and all that is read or shown later.</summary>
    private sealed record Piece(Value[] Read, Value[] Made, IReadOnlyList<Value>[] Groups, HashSet<Value> Later);
}
