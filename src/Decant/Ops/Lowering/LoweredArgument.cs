using Decant.IR;

namespace Decant.Ops.Lowering;

/// <summary>What a function that is lowered is called with.</summary>
/// <param name="Fact">What is known of the argument.</param>
/// <param name="IsList">Whether it stands for a TensorList or TensorArray.</param>
/// <param name="Constant">The constant that it always is: the function has it instead of the argument. Null for others.</param>
public sealed record LoweredArgument(Fact Fact, bool IsList, TensorAttr? Constant = null);
