using System.Globalization;
using Decant.Formats.Checkpoint;
using Decant.IR;
using Decant.Ops;
using Decant.Runtime;

namespace Decant;

/// <summary>How a session runs.</summary>
public sealed record SessionOptions
{
    /// <summary>A session of every op of Decant, of any model.</summary>
    public SessionOptions()
        : this(OpTable.All)
    {
        Flattens = true;
        ReadsCheckpoints = true;
    }

    /// <summary>
    /// A session of these ops alone, of models that are flat graphs: a trimmed app that uses this constructor carries neither other
    /// ops nor what <see cref="Flattens"/> and <see cref="ReadsCheckpoints"/> need. <c>decant ops MODEL --csharp FILE.cs</c> writes
    /// the options that a model needs.
    /// </summary>
    public SessionOptions(OpTable ops) => Ops = ops;

    /// <summary>Threads that share the work of one op, the caller among them; 0 for one per processor. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The ops that can be run.</summary>
    public OpTable Ops { get; init; }

    /// <summary>The seed of random ops whose own seeds are zero; null for a different one each time.</summary>
    public long? Seed { get; init; }

    /// <summary>
    /// Whether nodes are joined into one step: bias, normalization and activation into convolutions and matrix products, chains of
    /// elementwise ops. Results then differ by rounding only; <c>DECANT_FUSION=off</c> turns it off as well, to see where a number
    /// comes from.
    /// </summary>
    public bool Fusion { get; init; } = Environment.GetEnvironmentVariable("DECANT_FUSION") != "off";

    /// <summary>
    /// Whether the calls of functions are inlined and TF1's control flow is raised before a graph runs. Without it functions are
    /// called as they run, and a graph with TF1's control flow is refused.
    /// </summary>
    public bool Flattens
    {
        get => Flatten is not null;
        init => Flatten = value ? Flattening.Run : null;
    }

    /// <summary>Whether ops that restore may read the model's checkpoint and those whose paths are fed. The values of variables do not need it.</summary>
    public bool ReadsCheckpoints
    {
        get => OpenCheckpoints is not null;
        init => OpenCheckpoints = value ? static model => new CheckpointAccess(model.Checkpoint, model.Hold) : null;
    }

    /// <summary>
    /// The most bytes of one tensor that a node makes, 2 GiB if <c>DECANT_LARGEST_TENSOR</c> does not say another number: what a damaged or hostile
    /// file asks for is refused before it is taken. A tensor with no more elements than the node reads may always be made.
    /// </summary>
    public long LargestTensor { get; init; } = long.TryParse(Environment.GetEnvironmentVariable("DECANT_LARGEST_TENSOR"), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : TensorLimit.Usual;

    /// <summary>Whether each program runs a single time: weights are then taken as they are made or read, block by block, and neither packed nor held.</summary>
    internal bool RunsOnce { get; init; }

    /// <summary>Makes one flat graph of what fetches need; null where that is left out.</summary>
    internal Func<Model, Value[], Value[], Model>? Flatten { get; private init; }

    /// <summary>Makes a session's access to checkpoints; null where that is left out.</summary>
    internal Func<Model, CheckpointAccess>? OpenCheckpoints { get; private init; }

    /// <summary>Where <c>Print</c> and <c>PrintV2</c> write, a line each time; null for nowhere.</summary>
    public TextWriter? Log { get; init; }

    /// <summary>Is told of every step that runs; null for nobody, which costs nothing.</summary>
    public IStepObserver? Observer { get; init; }
}
