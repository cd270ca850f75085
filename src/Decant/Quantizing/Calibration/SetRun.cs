using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Ops.TFLite;
using Decant.Ops.TFLite.Recurrent;
using Decant.Runtime;

namespace Decant.Quantizing.Calibration;

/// <summary>Runs a subgraph over the examples of a set and shows values of it. Few values are in memory at a time.</summary>
internal sealed class SetRun : IDisposable
{
    // Values of more elements together are computed in several runs of an example.
    private const long MostElements = 1 << 26;

    private readonly CalibrationSet _set;
    private readonly IReadOnlyList<SignatureTensor> _inputs;
    private readonly Engine _engine;
    private readonly List<(IReadOnlyList<Value>[] Groups, Runtime.Program Program)> _programs = [];
    private readonly PiecewiseSetRun? _pieces;
    private readonly string[] _states;

    /// <summary>Prepares runs.</summary>
    /// <param name="functions">The subgraphs that may be called.</param>
    /// <param name="function">The subgraph that is run, whose arguments are the inputs.</param>
    /// <param name="inputs">The inputs as the caller knows them, in the order of the arguments.</param>
    /// <param name="set">The examples.</param>
    /// <param name="groups">The values to show, those of a group together.</param>
    public SetRun(IReadOnlyDictionary<string, Function> functions, Function function, IReadOnlyList<SignatureTensor> inputs, CalibrationSet set, IEnumerable<IReadOnlyList<Value>> groups)
    {
        (_set, _inputs) = (set, inputs);
        _engine = new Engine(functions, OpTable.All, WorkerPool.Shared);
        _states = [.. SequenceStates(function).Select(TensorOp.ResourceName)];
        Value[] feeds = [.. function.ArgNodes.Select(n => (Value)n)];
        List<IReadOnlyList<Value>> open = [], all = [.. groups];
        _pieces = function.ControlResults.Count == 0 ? PiecewiseSetRun.Of(_engine, feeds, all) : null;
        if (_pieces is not null)
            return;
        long elements = 0;
        foreach (IReadOnlyList<Value> group in all)
        {
            long size = group.Sum(Elements);
            if (open.Count > 0 && elements + size > MostElements)
                Build();
            open.Add(group);
            elements += size;
        }

        Build();
        void Build()
        {
            _programs.Add(([.. open], new ProgramBuilder(_engine).Build(feeds, [.. open.SelectMany(g => g)], function.ControlResults.Select(r => r.Node))));
            (open, elements) = ([], 0);
        }
    }

    /// <summary>Runs all examples and shows the values of each.</summary>
    /// <param name="show">Is given the example, and a group of values with their tensors, which are lent for the call.</param>
    /// <exception cref="ModelException">An example does not fit, or cannot be run.</exception>
    /// <returns>The number of examples.</returns>
    public int Run(Action<CalibrationExample, IReadOnlyList<Value>, Tensor[]> show)
    {
        int count = 0;
        IEnumerable<(CalibrationExample, object[] Feeds)> examples = _set.Examples(_inputs).Select(e =>
        {
            count++;
            return (e, _inputs.Select(i => (object)e.Inputs[i.Name]).ToArray());
        });
        _pieces?.Run(examples, Results, show);
        foreach ((CalibrationExample example, object[] feeds) in _pieces is null ? examples : [])
        {
            foreach ((IReadOnlyList<Value>[] groups, Runtime.Program program) in _programs)
            {
                object[] results = Results(example, program, feeds);
                int at = 0;
                foreach (IReadOnlyList<Value> group in groups)
                {
                    show(example, group, [.. results.AsSpan(at, group.Count).ToArray().Cast<Tensor>()]);
                    at += group.Count;
                }

                foreach (object result in results)
                    Slot.Release(result);
            }
        }

        return count > 0 ? count : throw QuantizeErrors.BadCalibrationSet.At(new Location(_set.Path), "the set has no examples");
    }

    /// <summary>Has LSTMs tell of what is inside them.</summary>
    public void Watch(LstmRanges lstms) => _engine.Resources.GetOrAdd("", () => lstms);

    public void Dispose() => _engine.Dispose();

    private static long Elements(Value value) => value.Node.Fact(value.Port).Shape is { HasRank: true } shape ? shape.Dims.ToArray().Aggregate(1L, (a, d) => a * Math.Max(1, d)) : 1;

    /// <summary>The states of LSTMs that get whole sequences, each of which begins anew; those of single steps go on from example to example.</summary>
    private static IEnumerable<Node> SequenceStates(Function function) => function.Nodes
        .Where(n => n.Op.Dialect == Dialect.TFLite && n.Op.Name.EndsWith("SEQUENCE_LSTM", StringComparison.Ordinal) && n.Fact(0).Shape is { HasRank: true, Rank: 3 } shape && shape[n.Attributes["time_major"] is BoolAttr { Value: true } ? 0 : 1] != 1)
        .SelectMany(n => n.Inputs.AsSpan().ToArray()).Where(v => v.IsPresent && v.Node.Op == TFLiteParts.TensorOp).Select(v => v.Node);

    private object[] Results(CalibrationExample example, Runtime.Program program, object[] feeds)
    {
        foreach (string state in _states)
            _engine.Resources.Remove<Variable>(state);
        try
        {
            return _engine.RunPlanned(program, feeds, CancellationToken.None);
        }
        catch (ModelException e)
        {
            throw QuantizeErrors.BadCalibrationSet.At(new Location(example.Source), $"the model does not run on this example: {e.Diagnostics[0].Message}");
        }
    }
}
