using Decant.IR;

namespace Decant.Benchmarking;

/// <summary>One step of a model's runs.</summary>
/// <param name="Node">The node whose kernel runs.</param>
/// <param name="Fused">The nodes that run in the same step.</param>
/// <param name="Depth">How many functions deep it runs, 0 in the main graph.</param>
/// <param name="Count">How often it runs in one run of the model: more than once in the body of a loop.</param>
/// <param name="Time">Its time in one run, without that of the steps of functions that it calls; the mean over runs.</param>
/// <param name="Flops">Its floating-point operations in one run; 0 where ops do not count them.</param>
/// <param name="Bytes">Bytes that it reads and writes in one run.</param>
public sealed record StepProfile(Node Node, IReadOnlyList<Node> Fused, int Depth, double Count, TimeSpan Time, long Flops, long Bytes)
{
    /// <summary>Floating-point operations per second, in units of 10^9; 0 where none are counted.</summary>
    public double GigaFlops => Time > TimeSpan.Zero ? Flops / Time.TotalSeconds / 1e9 : 0;

    /// <summary>The op, with those of the nodes that run in the same step: <c>Conv2D+BiasAdd+Relu</c>.</summary>
    public string Ops => string.Join('+', Fused.Prepend(Node).Select(n => n.Op.ToString()));
}
