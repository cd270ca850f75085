using Decant.Ops;
using Decant.Runtime;

namespace Decant;

/// <summary>How a session runs.</summary>
public sealed record SessionOptions
{
    /// <summary>A session of every op of Decant.</summary>
    public SessionOptions()
        : this(OpTable.All)
    {
    }

    /// <summary>A session of these ops alone: a trimmed app that uses this constructor carries no others.</summary>
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

    /// <summary>Is told of every step that runs; null for nobody, which costs nothing.</summary>
    public IStepObserver? Observer { get; init; }
}
