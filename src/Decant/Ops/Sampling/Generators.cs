using Decant.IR;

namespace Decant.Ops.Sampling;

/// <summary>The generator of one random op of a session: it goes on from run to run.</summary>
internal sealed class Generator(Philox start)
{
    private Philox _next = start;

    /// <summary>The generator as it is, which then moves on by a number of calls.</summary>
    public Philox Reserve(ulong calls)
    {
        Philox reserved = _next;
        _next.Skip(calls);
        return reserved;
    }
}

/// <summary>Where random ops get their generators from.</summary>
internal static class Generators
{
    // What TensorFlow moves on by per output, whether it is used or not.
    private const ulong CallsPerOutput = 256;

    /// <summary>The generator for so many outputs of a stateful op, by its attributes seed and seed2, or by the session's seed when both are 0.</summary>
    public static Philox ReserveOutputs(this KernelContext context, long outputs) => context.Generator().Reserve((ulong)outputs * CallsPerOutput);

    /// <summary>The generator of a stateful op.</summary>
    public static Generator Generator(this KernelContext context) =>
        context.Resources.TryGet(context.Node.Name, out Generator? generator) ? generator : NewGenerator(context);

    /// <summary>The generator of a stateless op: of input 1, a vector of two seeds.</summary>
    public static Philox Stateless(this KernelContext context, int seedInput) => context.Ints(seedInput) is [var first, var second]
        ? Philox.OfStatelessSeeds(first, second)
        : throw context.Fail($"has the seed {context.Input(seedInput)}, expected two integers");

    /// <summary>The generator that inputs key, counter and alg of a stateless V2 op give.</summary>
    public static Philox OfKeyAndCounter(this KernelContext context, int keyInput)
    {
        const long PhiloxAlgorithm = 1, AnyAlgorithm = 3;
        if (context.Int(keyInput + 2) is not (PhiloxAlgorithm or AnyAlgorithm) and var algorithm)
            throw context.Fail($"asks for random algorithm {algorithm}, expected 1 (Philox) or 3 (any)");
        return context.Input(keyInput) is { DType: DType.UInt64, ElementCount: 1 } key && context.Input(keyInput + 1) is { DType: DType.UInt64, ElementCount: 1 or 2 } counter
            ? new Philox(key.Span<ulong>()[0], counter.Span<ulong>()[0], counter.ElementCount == 2 ? counter.Span<ulong>()[1] : 0)
            : throw context.Fail($"has the key {context.Input(keyInput)} and the counter {context.Input(keyInput + 1)}, expected uint64[1] and uint64[2]");
    }

    private static Generator NewGenerator(KernelContext context) => context.Resources.GetOrAdd(context.Node.Name, () => new Generator(Start(context)));

    private static Philox Start(KernelContext context)
    {
        var attributes = new NodeAttributes(context.Node);
        long seed = attributes.Int("seed"), seed2 = attributes.Int("seed2");
        if (seed != 0 || seed2 != 0)
            return Philox.OfSeeds(seed, seed2);
        return context.Resources.TryGet(SessionSeed.ResourceName, out SessionSeed? session)
            ? Philox.OfSeeds(session.Seed, NameHash(context.Node))
            : Philox.OfSeeds(Random.Shared.NextInt64(), Random.Shared.NextInt64());
    }

    // FNV-1a: ops of one session differ, and a name gives the same numbers everywhere.
    private static long NameHash(Node node)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in node.Name)
            hash = (hash ^ c) * 1099511628211;
        return (long)hash;
    }
}
