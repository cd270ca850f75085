namespace Decant.Registration;

/// <summary>The kinds of fault that selecting ops has.</summary>
public static class RegistrationErrors
{
    public static readonly ErrorCode UnknownTarget = new("unknown-target", "There is no target of that name to select ops for.");
    public static readonly ErrorCode UnknownOp = new("unknown-op", "TensorFlow has no op of that name.");
    public static readonly ErrorCode BadOpsList = new("bad-ops-list", "A list of ops is no JSON list of pairs of an op and a kernel class.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } = [UnknownTarget, UnknownOp, BadOpsList];
}
