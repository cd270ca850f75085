using Decant.IR;
using Decant.Passes.Optimize;

namespace Decant.Passes;

/// <summary>The values that a user gives a pass, by name; a name may be given several times.</summary>
public sealed class PassParameters(ILookup<string, string> values)
{
    /// <summary>No parameters.</summary>
    public static PassParameters None { get; } = new(Array.Empty<string>().ToLookup(s => s));

    /// <summary>All values of a name, in order.</summary>
    public IEnumerable<string> All(string name) => values[name];

    /// <summary>The names that are given.</summary>
    public IEnumerable<string> Names => values.Select(g => g.Key);
}

/// <summary>A pass by its name.</summary>
/// <param name="Name">The name: the Graph Transform Tool's where it has one.</param>
/// <param name="Summary">One line for lists of passes.</param>
/// <param name="Make">Makes the pass from its parameters.</param>
public sealed record PassEntry(string Name, string Summary, Func<PassParameters, Pass> Make);

/// <summary>All passes by name, sorted.</summary>
public static class PassTable
{
    /// <summary>The entries.</summary>
    public static IReadOnlyList<PassEntry> All { get; } =
    [
        new("add_default_attributes", "Gives nodes the attributes that they lack and that have defaults", _ => new AddDefaultAttributesPass()),
        new("constant_folding", "Runs nodes whose inputs are constant and puts their results in their places", ConstantFolding.Of),
        new("materialize_shapes", "Puts constants in the place of shapes, sizes and ranks that are known without running", _ => new MaterializeShapes()),
    ];

    /// <summary>Finds a pass.</summary>
    public static PassEntry? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
