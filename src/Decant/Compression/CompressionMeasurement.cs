using System.Diagnostics;
using Decant.Benchmarking;
using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Compression;

/// <summary>
/// Holds models with smaller weights against the one they were made of: sizes of the files that are written and read again, the cost of
/// running these, and the error of their outputs on the same inputs.
/// </summary>
public sealed class CompressionMeasurement
{
    private const int FewestRuns = 3;

    private readonly Model _source;
    private readonly CompressOptions _options;
    private readonly MeasureOptions _measure;
    private readonly List<Dictionary<string, Tensor>> _samples = [];
    private readonly string[] _outputs;
    private readonly List<IReadOnlyDictionary<string, Tensor>> _reference = [];

    /// <summary>Begins with the original, which is written frozen, measured and run for its outputs.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">Which signature, inputs and outputs are meant, and what counts as weights.</param>
    /// <param name="measure">How to measure.</param>
    /// <exception cref="ModelException">The model cannot be frozen or run, or an input needs a value.</exception>
    public CompressionMeasurement(Model source, CompressOptions options, MeasureOptions? measure = null)
    {
        (_source, _options, _measure) = (source, options with { Setting = null, PerWeight = new Dictionary<string, CompressionSetting>(), Embeddings = [] }, measure ?? new MeasureOptions());
        CompressionResult frozen = source.Compress(_options);
        SignatureView view = SignatureView.Of(frozen.Model, frozen.Model.Signatures.Exists(s => s.Key == options.Signature) ? options.Signature : null);
        Value[] outputs = [.. (options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]).Select(n => view.Resolve(n, isInput: false))];
        _outputs = [.. outputs.Select(o => o.ToString())];
        if (_measure.Run)
            _samples = SampleInputs.Draw(frozen.Model, view, outputs, _measure);
        Original = Measure(frozen, "original");
    }

    /// <summary>The original, frozen.</summary>
    public CompressionRow Original { get; }

    /// <summary>Writes a result to a temporary file, measures that and removes it.</summary>
    public CompressionRow Measure(CompressionResult result, string setting)
    {
        if (!_measure.Run && _measure.Archives.Count == 0)
            return Row(result, setting, Formats.GraphDef.GraphDefFormat.BinaryBytes(result.Model));
        string path = Path.Combine(_measure.Folder ?? Path.GetTempPath(), $"decant-{Guid.NewGuid():N}.pb");
        try
        {
            result.Model.Save(path, "graphdef");
            return Measure(result, setting, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Measures the file that a result was saved to.</summary>
    public CompressionRow Measure(CompressionResult result, string setting, string path)
    {
        CompressionRow row = Row(result, setting, new FileInfo(path).Length) with { PackedBytes = _measure.Archives.ToDictionary(a => a.Name, a => a.PackedBytes(path)) };
        if (!_measure.Run)
            return row;
        RunCost cost = Run(path, result.Embeddings.Any(e => e.IdsChange), out OutputError? error);
        return row with { Cost = cost, Error = error };
    }

    private static CompressionRow Row(CompressionResult result, string setting, long fileBytes)
    {
        (long restored, long gathered) = Restored(result.Model.Graph);
        return new CompressionRow
        {
            Setting = setting,
            Edits = result.Report.Edits.Count + result.Embeddings.Count(e => e.Stored < e.Rows),
            FileBytes = fileBytes,
            PackedBytes = new Dictionary<string, long>(),
            RestoredBytes = restored,
            GatheredBytes = gathered,
        };
    }

    /// <summary>The error of a model's outputs, without writing it.</summary>
    internal OutputError ErrorOf(Model model)
    {
        using Session session = Begin(model);
        return Error(_samples.Select(s => session.Run(s, _outputs)));
    }

    /// <summary>A result for other settings of the same model.</summary>
    internal CompressionResult Compress(CompressionSetting? setting, IReadOnlyDictionary<string, CompressionSetting> perWeight) =>
        _source.Compress(_options with { Setting = setting, PerWeight = perWeight });

    private RunCost Run(string path, bool idsChanged, out OutputError? error)
    {
        if (_reference.Count == 0)
            Prime(path);
        long before = Resident();
        using Model model = Model.Load(path);
        IReadOnlyList<Dictionary<string, Tensor>> samples = idsChanged ? Draw(model) : _samples;
        long start = Stopwatch.GetTimestamp();
        using Session session = Begin(model);
        List<IReadOnlyDictionary<string, Tensor>> outputs = [session.Run(samples[0], _outputs)];
        TimeSpan first = Stopwatch.GetElapsedTime(start);
        outputs.AddRange(samples.Skip(1).Select(s => session.Run(s, _outputs)));
        using PreparedRun run = session.Prepare(samples[0], _outputs);
        var times = new List<TimeSpan>();
        for (long begin = Stopwatch.GetTimestamp(); times.Count < FewestRuns || Stopwatch.GetElapsedTime(begin) < _measure.LeastTime;)
        {
            start = Stopwatch.GetTimestamp();
            run.Run();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        error = idsChanged ? null : Error(outputs);
        return new RunCost(first, Latency.Of(times), Math.Max(0, Resident() - before));
    }

    /// <summary>Takes the outputs of the original, and has the code compiled that the others run as well.</summary>
    private void Prime(string path)
    {
        using Model model = Model.Load(path);
        using Session session = Begin(model);
        _reference.AddRange(_samples.Select(s => session.Run(s, _outputs)));
        using PreparedRun run = session.Prepare(_samples[0], _outputs);
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < _measure.LeastTime;)
            run.Run();
    }

    private OutputError Error(IEnumerable<IReadOnlyDictionary<string, Tensor>> outputs) =>
        outputs.Select((o, i) => OutputError.Of(_reference[i], o)).Aggregate((a, b) => a.Worst(b));

    /// <summary>A session whose random ops, such as those of dropout, give the same numbers as those of the others.</summary>
    private Session Begin(Model model) => new(model, new SessionOptions { Seed = _measure.Seed });

    /// <summary>Inputs for a model in which ids are others.</summary>
    private List<Dictionary<string, Tensor>> Draw(Model model)
    {
        SignatureView view = SignatureView.Of(model);
        return SampleInputs.Draw(model, view, _outputs.Select(o => view.Resolve(o, isInput: false)), _measure with { Inputs = new Dictionary<string, Tensor>() });
    }

    /// <summary>Bytes of float32 that stored weights stand for: those that are restored as a whole, and those whose rows are.</summary>
    private static (long Restored, long Gathered) Restored(Graph graph)
    {
        (long restored, long gathered) = (0, 0);
        foreach (Node node in graph.Nodes.Where(n => n.Op.Name is "Cast" or "Dequantize" or "Gather" or "GatherV2" && n.Inputs.Count > 0))
        {
            if (node.Inputs[0].Node is not { Op.Name: "Const" } constant || constant.Attributes["value"] is not TensorAttr { DType: DType.QUInt8 or DType.UInt8 or DType.Float16 or DType.BFloat16 } stored)
                continue;
            if (node.Op.Name is "Cast" or "Dequantize")
                restored += stored.Shape.ElementCount * sizeof(float);
            else
                gathered += stored.Shape.ElementCount * sizeof(float);
        }

        return (restored, gathered);
    }

    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
