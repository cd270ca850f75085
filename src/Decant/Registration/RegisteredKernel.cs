namespace Decant.Registration;

/// <summary>A pair of a header for selective registration.</summary>
/// <param name="Op">The op.</param>
/// <param name="Class">The class of its kernel; null when the op is registered without one.</param>
public readonly record struct RegisteredKernel(string Op, string? Class);
