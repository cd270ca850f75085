namespace Decant.Ops.TFLite.Catalogue;

/// <summary>An options table of TensorFlow Lite's schema: the attributes of operators.</summary>
/// <param name="Union">The union that has it: 1 for builtin_options, 2 for builtin_options_2.</param>
/// <param name="Type">Its number in the union.</param>
/// <param name="Name">Its name, such as <c>Conv2DOptions</c>.</param>
/// <param name="Fields">Its fields in the order of their numbers.</param>
public sealed record OptionTable(int Union, int Type, string Name, IReadOnlyList<OptionField> Fields);

/// <summary>A field of an options table.</summary>
/// <param name="Name">The name of the field and of the attribute.</param>
/// <param name="Kind">Its type in the schema: <c>int</c>, <c>[long]</c>, <c>Padding</c>, ...</param>
/// <param name="Default">The value when it is absent, as the schema states it; empty for zero.</param>
public sealed record OptionField(string Name, string Kind, string Default)
{
    /// <summary>Whether the value is the number of a subgraph.</summary>
    public bool IsSubgraph => Name is "subgraph" or "branch_subgraph_indices" || Name.EndsWith("subgraph_index", StringComparison.Ordinal);
}

/// <summary>An enumeration of the schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Bytes of a value: 1 or 4.</param>
/// <param name="Values">The names of its values, from 0 on.</param>
public sealed record OptionEnum(string Name, int Size, IReadOnlyList<string> Values);

/// <summary>A builtin operator.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Options">The table of its options, or null when it has none.</param>
/// <param name="Versions">Its versions, each with the first runtime that has it.</param>
public sealed record BuiltinOperator(int Code, string Name, OptionTable? Options, IReadOnlyList<(int Version, string Runtime)> Versions);
