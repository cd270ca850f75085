namespace Decant.Registration;

/// <summary>Where a node is.</summary>
/// <param name="Model">The path of the model.</param>
/// <param name="Function">The function that holds it; null for the main graph.</param>
/// <param name="Node">Its name.</param>
public sealed record NodePlace(string Model, string? Function, string Node)
{
    /// <inheritdoc />
    public override string ToString() => Function is null ? $"node '{Node}'" : $"node '{Node}' of function '{Function}'";
}
