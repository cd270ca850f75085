namespace Decant.Passes;

/// <summary>The kinds of fault that stop a change of a graph.</summary>
public static class PassErrors
{
    public static readonly ErrorCode CannotRaise = new("cannot-raise", "TF1 control flow (Switch, Merge, Enter, Exit) is not of a form that can be turned into If and While.");
    public static readonly ErrorCode CannotInline = new("cannot-inline", "A call cannot be replaced by the body of the function: the function is missing, calls itself or does not fit the call.");
    public static readonly ErrorCode CannotFreeze = new("cannot-freeze", "A variable cannot become a constant: it has no value, or the graph writes to it.");
    public static readonly ErrorCode BadTransforms = new("bad-transforms", "A list of transforms is not well formed.");
    public static readonly ErrorCode UnknownTransform = new("unknown-transform", "A list of transforms names one that does not exist.");
    public static readonly ErrorCode BadParameter = new("bad-parameter", "A parameter of a transform is unknown, missing, given too often or of a value that it cannot have.");
    public static readonly ErrorCode CannotTransform = new("cannot-transform", "The graph is not one that a transform can be applied to.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [CannotRaise, CannotInline, CannotFreeze, BadTransforms, UnknownTransform, BadParameter, CannotTransform];
}
