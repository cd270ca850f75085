using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>
/// The nodes that some fetches need, in an order in which they can run, each with its prepared kernel. Values live in
/// numbered slots; a step says which slots it is the last to read.
/// </summary>
internal sealed class Program
{
    /// <summary>One node of the program.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Kernel">Its code.</param>
    /// <param name="Inputs">The slot of each input; -1 for an input that is not given.</param>
    /// <param name="Outputs">The slot of each output that is read; -1 for those that nobody reads.</param>
    /// <param name="Dead">Slots that are not read after this step.</param>
    public sealed record Step(Node Node, Kernel Kernel, int[] Inputs, int[] Outputs, int[] Dead)
    {
        /// <summary>The nodes that run in this step after <see cref="Node"/>.</summary>
        public IReadOnlyList<Node> Fused { get; init; } = [];
    }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    /// <summary>The number of slots of a run.</summary>
    public required int SlotCount { get; init; }

    /// <summary>The slot of each feed or function argument; -1 when nothing reads it.</summary>
    public required int[] Feeds { get; init; }

    /// <summary>The slot of each fetch or function result.</summary>
    public required int[] Fetches { get; init; }
}
