namespace Decant.Ops.Lowering;

/// <summary>How a TensorFlow op is expressed in TensorFlow Lite's operators: a line of a family's table.</summary>
/// <param name="Op">The op of TensorFlow.</param>
/// <param name="Lower">Adds the operators and sets the node's outputs.</param>
public sealed record LoweringRule(string Op, Action<LoweringContext> Lower);

/// <summary>The facet of ops that can be expressed in TensorFlow Lite's operators, for ops that are in no family's table.</summary>
public interface ILowersToTFLite
{
    /// <summary>Adds the operators and sets the node's outputs.</summary>
    /// <exception cref="ModelException">This node of the op has no such form.</exception>
    void LowerToTFLite(LoweringContext context);
}
