using System.Diagnostics;
using Decant.Comparison;
using Decant.Formats.TFJS;
using Decant.Inspection;
using Decant.IR;
using Decant.Lowering;

namespace Decant.Cli.Serve;

/// <summary>A model as the page gets it: converted to TensorFlow.js in a folder of its own, or the TensorFlow Lite file that it is, with what that leaves open.</summary>
internal sealed class ServedModel : IDisposable
{
    /// <summary>Where the files of the model are on the server.</summary>
    public const string Folder = "/model/";

    private const string LiteName = "model.tflite", WebName = "model.json";

    /// <summary>How long Decant's own runs are repeated, and how often at most.</summary>
    private static readonly TimeSpan LongestRepeating = TimeSpan.FromSeconds(1);
    private const int MostRepeats = 20;

    private static readonly string[] Choosing = ["ARG_MAX", "ARG_MIN", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5", "TFLite_Detection_PostProcess", "TOPK_V2"];

    private readonly Model _source, _reference;
    private readonly Graph _graph;
    private readonly SignatureTensor[] _inputs, _outputs;
    private readonly string? _folder;
    private readonly Lock _running = new();

    private ServedModel(Model source, Model shown, Graph graph, Model reference, IReadOnlyList<SignatureTensor> inputs, IReadOnlyList<SignatureTensor> outputs, string? folder, ModelException? problem, Graph? drawn = null)
    {
        (_source, _reference, _graph, _inputs, _outputs, _folder, Problem) = (source, reference, graph, [.. inputs], [.. outputs.DistinctBy(o => o.Name)], folder, problem);
        Report = ModelInspector.Inspect(source);
        Functions = [("", GraphInspector.Inspect(drawn ?? graph)), .. shown.Functions.Where(f => f.Value != graph).Select(f => (f.Key, GraphInspector.Inspect(f.Value)))];
        IsLite = source.TFLite is not null;
        Files = folder is null ? [] : Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f));
        Conversion = Files.Count == 0 ? "" : IsLite ? "shapes of outputs declared for LiteRT" : $"converted to TensorFlow.js, {Functions[0].Nodes.Count} nodes";
        if (IsLite)
            Files.TryAdd(LiteName, source.Path);
    }

    /// <summary>What the source is.</summary>
    public ModelReport Report { get; }

    /// <summary>Whether LiteRT runs it.</summary>
    public bool IsLite { get; }

    /// <summary>Why browsers cannot run it, or null.</summary>
    public ModelException? Problem { get; }

    /// <summary>What became of it, in a few words.</summary>
    public string Conversion { get; }

    /// <summary>Whether it chooses by scores of 8-bit integers, of which some are likely to be nearly the same.</summary>
    public bool Ranks => IsLite && _graph.Nodes.Any(n => Choosing.Contains(n.Op.Name)) && _graph.Nodes.Any(n => n.Op.Name != "Const" && n.Tensors.Any(t => t is { DType: DType.Int8 or DType.UInt8, Quantization.HasScale: true }));

    /// <summary>The address of the file that a browser loads first.</summary>
    public string Url => Folder + (IsLite ? LiteName : WebName);

    /// <summary>The nodes of the graph that is run, under an empty name, and of its functions.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<NodeReport> Nodes)> Functions { get; }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<SignatureTensor> Inputs => _inputs;

    /// <summary>The files that browsers may load, by name.</summary>
    public Dictionary<string, string> Files { get; }

    /// <summary>Converts a model, which is then this one's to dispose of.</summary>
    public static ServedModel Of(Model model, TFJSConvertOptions options)
    {
        SignatureView view = SignatureView.Of(model, options.Signature);
        string folder = Directory.CreateTempSubdirectory("decant-serve-").FullName;
        try
        {
            if (model.TFLite is not null)
                return Lite(model, view, options.Signature, folder);
            ConvertResult result = model.ConvertToTFJS(options);
            TFJSWriter.Write(result.Model, folder, new TFJSWriteOptions());
            return new ServedModel(model, result.Model, result.Model.Graph, result.Signatures[0].Reference, result.Signatures[0].Inputs, result.Signatures[0].Outputs, folder, null);
        }
        catch (ModelException e)
        {
            Directory.Delete(folder, recursive: true);
            return new ServedModel(model, model, model.Graph, model, Resolved(view, view.Inputs, isInput: true), Resolved(view, view.Outputs, isInput: false), null, e);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Runs the model here on seeded inputs.</summary>
    /// <exception cref="ModelException">It cannot be run.</exception>
    public DecantAnswer Answer(int seed, CancellationToken cancellation)
    {
        lock (_running)
        {
            ProbeAnswer answer = ProbeAnswer.Find(_reference, _graph, _inputs, _outputs, new Dictionary<string, Tensor>(), seed, out Diagnostic? fault) ?? throw new ModelException(fault!);
            Dictionary<string, Tensor> feeds = _inputs.ToDictionary(i => i.Tensor, i => answer.Inputs[i.Name]);
            string[] fetches = [.. _outputs.Select(o => o.Tensor).Distinct()];
            using var session = new Session(_reference);
            long start = Stopwatch.GetTimestamp();
            session.Run(feeds, fetches, cancellation: cancellation);
            TimeSpan first = Stopwatch.GetElapsedTime(start);
            List<TimeSpan> times = [];
            for (long begin = Stopwatch.GetTimestamp(); times.Count == 0 || (times.Count < MostRepeats && Stopwatch.GetElapsedTime(begin) < LongestRepeating);)
            {
                start = Stopwatch.GetTimestamp();
                session.Run(feeds, fetches, cancellation: cancellation);
                times.Add(Stopwatch.GetElapsedTime(start));
            }

            return new DecantAnswer(_inputs, _outputs, answer, first, times, keepsTypes: IsLite);
        }
    }

    /// <summary>Closes the model and removes what was converted.</summary>
    public void Dispose()
    {
        _source.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private static ServedModel Lite(Model model, SignatureView view, string? signature, string folder)
    {
        SignatureTensor[] inputs = Resolved(view, view.Inputs, isInput: true), outputs = Resolved(view, view.Outputs, isInput: false);
        string path = Path.Combine(folder, LiteName);
        LiteFile.DeclareOutputs(model, signature, inputs, outputs, path);
        using Model? copy = File.Exists(path) ? Model.Load(path) : null;
        return new ServedModel(model, model, view.Graph, model, inputs, outputs, folder, null, copy is null ? null : SignatureView.Of(copy, signature).Graph);
    }

    /// <summary>The tensors of the graph that names stand for.</summary>
    private static SignatureTensor[] Resolved(SignatureView view, IReadOnlyList<SignatureTensor> tensors, bool isInput) =>
        [.. tensors.Select(t => t with { Tensor = view.Resolve(t.Name, isInput).ToString() })];
}
