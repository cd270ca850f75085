using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>
/// The nodes that some fetches need, in an order in which they can run, each with its prepared kernel. Values live in
/// numbered slots; a step says which slots it is the last to read.
/// </summary>
internal sealed class Program
{
    private (DType, Shape)[]? _lastFeeds;

    /// <summary>The steps in order.</summary>
    public required Step[] Steps { get; init; }

    /// <summary>The number of slots of a run.</summary>
    public required int SlotCount { get; init; }

    /// <summary>What slots hold from the start, the same in every run.</summary>
    public required (int Slot, Tensor Value)[] Constants { get; init; }

    /// <summary>What it holds of its constants.</summary>
    public ConstantForms Forms { get; init; } = new(constant => constant);

    /// <summary>The slot of each feed or function argument.</summary>
    public required int[] Feeds { get; init; }

    /// <summary>The slot of each fetch or function result.</summary>
    public required int[] Fetches { get; init; }

    /// <summary>Variables whose values are taken for constants, each with the number of assignments it had.</summary>
    public (Variable Variable, int Version)[] Assumed { get; init; } = [];

    /// <summary>Whether a variable that was taken for a constant has been assigned.</summary>
    public bool IsOutdated
    {
        get
        {
            foreach ((Variable variable, int version) in Assumed)
            {
                if (variable.Version != version)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Whether runs may be planned; not when the system did not give the memory for a plan.</summary>
    public bool IsPlannable { get; set; } = true;

    /// <summary>Plans of the last shapes that were fed, the latest first.</summary>
    public List<PlannedContext> Plans { get; } = [];

    /// <summary>The context of a run that has ended, to be used again; null while one is under way.</summary>
    public StepContext? Idle { get; set; }

    /// <summary>Whether the last call of this had feeds of the same types and shapes.</summary>
    public bool WasRunFor(ReadOnlySpan<object> feeds)
    {
        var now = new (DType, Shape)[feeds.Length];
        for (int i = 0; i < now.Length; i++)
            now[i] = feeds[i] is Tensor fed ? (fed.DType, fed.Shape) : default;
        bool same = _lastFeeds is not null && now.AsSpan().SequenceEqual(_lastFeeds);
        _lastFeeds = now;
        return same;
    }
}

/// <summary>A node of a program.</summary>
/// <param name="node">The node.</param>
/// <param name="kernel">Its code.</param>
/// <param name="inputs">The slot of each input; -1 for an input that is not given or not read.</param>
/// <param name="outputs">The slot of each output that is read; -1 for those that nobody reads.</param>
/// <param name="dead">Slots that are not read after this step.</param>
internal sealed class Step(Node node, Kernel kernel, int[] inputs, int[] outputs, int[] dead)
{
    public Node Node { get; } = node;

    public Kernel Kernel { get; } = kernel;

    public int[] Inputs { get; } = inputs;

    public int[] Outputs { get; } = outputs;

    public int[] Dead { get; } = dead;

    /// <summary>The nodes that run in this step after <see cref="Node"/>.</summary>
    public IReadOnlyList<Node> Fused { get; init; } = [];

    /// <summary>The shapes of constant inputs that have no slot, as the kernel has its own form of them.</summary>
    public Shape[] UnreadShapes { get; init; } = [];

    /// <summary>What the kernel derived from the shapes of its inputs.</summary>
    public DerivedStates Derived { get; } = new();
}
