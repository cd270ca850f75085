using Decant.IR;
using Decant.Kernels.Elementwise;
using Decant.Kernels.Threading;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>
/// The values of a program that are the same in every run: what <c>Const</c> nodes hold, and what pure nodes make of it.
/// Those are computed once, when the program is built, up to a budget. Variables that are only read count among them.
/// </summary>
internal sealed class ConstantValues(Engine engine, IReadOnlyCollection<Value> feeds, VariableReads? variables)
{
    /// <summary>The most bytes that the results of all nodes of a program may take together.</summary>
    private const long LargestTotal = 256 << 20;

    /// <summary>
    /// The most bytes of weights that are restored from a smaller form (compressed ones). Whoever packs them lets them go; run after run
    /// restoring them would take longer than what is done with them.
    /// </summary>
    private const long LargestRestored = 2L << 30;

    /// <summary>The operator by which models of TensorFlow Lite store weights as float16 or 8 bits for kernels that compute with floats.</summary>
    private static readonly OpName FloatWeights = new(Dialect.TFLite, "DEQUANTIZE");

    /// <summary>The operator by which models of TensorFlow Lite mark sparse weights, which are made whole when they are read.</summary>
    private static readonly OpName SparseWeights = new(Dialect.TFLite, "DENSIFY");

    /// <summary>Ops that make weights of what is stored of them, and by how many times the result may be larger: 8 bits to float32.</summary>
    private static readonly HashSet<string> RestoringOps = new(StringComparer.Ordinal) { "Cast", "Dequantize", "Sub", "Mul", "GatherV2", FloatWeights.Name };

    private const int MostGrowth = 4;

    /// <summary>Results up to this many bytes are held as long as anybody may ask for them; larger ones until the program is built, see <see cref="LetGo"/>.</summary>
    private const long LargestHeld = 4096;

    private readonly Dictionary<Value, Func<Tensor>> _values = [];
    private readonly Dictionary<TensorAttr, Func<Tensor>> _readers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Value> _feeds = [.. feeds];
    private readonly List<Tensor> _building = [];
    private long _total, _restored;

    /// <summary>What the program holds of its constants.</summary>
    public ConstantForms Forms { get; } = new(new AlignedConstants().Of);

    /// <summary>The most bytes that the results of one node may take.</summary>
    public long LargestResult { get; init; } = 16 << 20;

    /// <summary>Whether weights are restored however large they are.</summary>
    public bool RestoresWeights { get; init; } = true;

    /// <summary>Whether weights stored as float16 are widened block by block as they are read.</summary>
    public bool StreamsWeights { get; init; }

    /// <summary>Reads a value that is constant, again whenever it is asked for; null for others.</summary>
    public Func<Tensor>? Find(Value value)
    {
        if (!value.IsPresent || _feeds.Contains(value))
            return null;
        if (_values.TryGetValue(value, out Func<Tensor>? read))
            return read;
        if (value.Port == 0 && variables?.Find(value.Node) is { } variable)
            return _values[value] = variable;
        return value.Node.Op is { Dialect: Dialect.TensorFlow, Name: "Const" } && engine.Ops.TryGet(value.Node.Op, out Op? op) && op is Ops.Arrays.Const && value.Node.Attributes["value"] is TensorAttr tensor
            ? _values[value] = Reader(tensor) : null;
    }

    /// <summary>Adds a value that the engine made itself.</summary>
    public Value Add(string name, Func<Tensor> read)
    {
        var value = new Value(new Node(name, "Const"));
        _values[value] = read;
        return value;
    }

    /// <summary>The program is built: what none of its slots holds is computed again for kernels that pack it, and then not held twice.</summary>
    public void LetGo() => _building.Clear();

    /// <summary>Computes the outputs of a node if they are constant and small enough; false when it is to be run.</summary>
    public bool TryCompute(Node node)
    {
        if (Find(node) is not null)
            return true;
        if (node.Inputs.Count == 0 || !(Purity.IsPure(node) || node.Op == FloatWeights || node.Op == SparseWeights) || !engine.Ops.TryGet(node.Op, out Op? op) || op is not IHasKernel kernel || node.Inputs.Exists(v => Find(v) is null))
            return false;
        if ((op is Ops.Arrays.Identity || node.Op == SparseWeights) && node.Inputs.Count == 1)
        {
            // Not read here: a large constant is decoded when something needs it, and let go when that has packed it.
            _values[node] = Find(node.Inputs[0])!;
            return true;
        }

        if (StreamsWeights && node.Op == FloatWeights && Find(node.Inputs[0])!().DType == DType.Float16)
        {
            Func<Tensor> stored = Find(node.Inputs[0])!;
            _values[node] = () => ConvertedBuffer<Half, float>.Of(stored(), 1, static (from, to, _) => FloatConversions.Widen(from, to, WorkerPool.Inline));
            return true;
        }

        Tensor[] inputs = [.. node.Inputs.Select(v => Find(v)!())];
        if (ResultBytes(node, op, inputs) is not { } bytes)
            return false;
        if (bytes > LargestResult || _total + bytes > LargestTotal)
            return TryRestore(node, op, kernel, inputs, bytes);
        if (Compute(node, op, kernel, inputs) is not { Length: > 0 } results)
            return false;
        for (int port = 0; port < results.Length; port++)
        {
            Tensor result = results[port];
            bool isHeld = !result.DType.HasFixedSize() || result.Data.Length <= LargestHeld;
            _values[new Value(node, port)] = isHeld ? () => result : Again(node, op, kernel, port, result);
            if (!isHeld)
                _building.Add(result);
        }

        _total += bytes;
        return true;
    }

    /// <summary>The one reader of a tensor, by which its forms are known: nodes of a function that was inlined several times have the same.</summary>
    private Func<Tensor> Reader(TensorAttr tensor)
    {
        if (!_readers.TryGetValue(tensor, out Func<Tensor>? read))
            _readers[tensor] = read = () => tensor.Value;
        return read;
    }

    /// <summary>Computes large weights of their stored form, and again when they are asked for after nobody had them any more.</summary>
    private bool TryRestore(Node node, Op op, IHasKernel kernel, Tensor[] inputs, long bytes)
    {
        if (!RestoresWeights || !RestoringOps.Contains(node.Op.Name) || bytes > inputs.Sum(i => i.Data.Length) * MostGrowth || _restored + bytes > LargestRestored || Compute(node, op, kernel, inputs) is not [var result])
            return false;
        _values[node] = Again(node, op, kernel, 0, result);
        _restored += bytes;
        return true;
    }

    /// <summary>Gives a result as long as anybody has it, and then computes it again.</summary>
    private Func<Tensor> Again(Node node, Op op, IHasKernel kernel, int port, Tensor result)
    {
        var held = new WeakReference<Tensor>(result);
        return () =>
        {
            if (!held.TryGetTarget(out Tensor? again))
                held.SetTarget(again = Compute(node, op, kernel, [.. node.Inputs.Select(v => Find(v)!())])![port]);
            return again;
        };
    }

    /// <summary>Runs a node; null when it cannot be.</summary>
    private Tensor[]? Compute(Node node, Op op, IHasKernel kernel, Tensor[] inputs)
    {
        int outputs = OutputCount(node, op, inputs);
        if (outputs == 0)
            return null;
        try
        {
            var step = new Step(node, kernel.Prepare(new EngineKernelRequest(engine, this, node, outputs)), [.. Enumerable.Range(0, inputs.Length)], [.. Enumerable.Range(inputs.Length, outputs)], []);
            var program = new Program { Steps = [step], SlotCount = inputs.Length + outputs, Constants = [], Feeds = step.Inputs, Fetches = step.Outputs };
            object[] results = engine.WithoutObserver().Run(program, inputs, default);
            Array.ForEach(results, Slot.Leave);
            return Array.TrueForAll(results, r => r is Tensor) ? [.. results.Cast<Tensor>()] : null;
        }
        catch (ModelException)
        {
            // It fails in the run as well, and is reported there; a run that never comes to it does not fail.
            return null;
        }
    }

    /// <summary>The bytes of the results as inference tells them; null when it does not.</summary>
    private static long? ResultBytes(Node node, Op op, Tensor[] inputs)
    {
        if (Infer(node, op, inputs) is not { } outputs)
            return null;
        long bytes = 0;
        foreach (Fact fact in outputs)
        {
            if (!fact.Shape.TryElementCount(out long count) || count > int.MaxValue)
                return null;
            bytes += count * Math.Max(1, fact.DType.Size());
        }

        return bytes;
    }

    private static int OutputCount(Node node, Op op, Tensor[] inputs) => Infer(node, op, inputs)?.Count ?? 0;

    private static IReadOnlyList<Fact>? Infer(Node node, Op op, Tensor[] inputs)
    {
        if (node.Op == FloatWeights && inputs is [var stored])
            return [new Fact(DType.Float32, stored.Shape)];
        if (op is not IInfersFacts infers)
            return null;
        var context = new InferenceContext(node, i => i < inputs.Length ? Fact.Of(inputs[i]) : Fact.None);
        try
        {
            infers.Infer(context);
        }
        catch (ModelException)
        {
            return null;
        }

        return context.Outputs;
    }
}
