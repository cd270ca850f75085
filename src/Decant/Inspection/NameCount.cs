namespace Decant.Inspection;

/// <summary>How often something occurs.</summary>
public readonly record struct NameCount(string Name, int Count);
