using Decant.Ops.TFLite.Recurrent;

namespace Decant.Formats.TFLite;

/// <summary>The attributes of nodes and functions that are no fields of an options table.</summary>
internal static class TFLiteAttributes
{
    /// <summary>The version of the operator, when it is not 1.</summary>
    public const string OpVersion = IR.TFLiteParts.OpVersion;

    /// <summary>The bytes of a custom operator's options.</summary>
    public const string CustomOptions = IR.TFLiteParts.CustomOptions;

    /// <summary>The options table, when it is not the one that the operator's declaration names.</summary>
    public const string OptionsTable = IR.TFLiteParts.OptionsTable;

    public const string MutatingVariableInputs = "mutating_variable_inputs";

    /// <summary>How many of the node's tensors, the last ones, are intermediate.</summary>
    public const string Intermediates = LstmInputs.Intermediates;

    public const string DebugMetadataIndex = "debug_metadata_index";

    /// <summary>The name of a subgraph in the file, when functions cannot be told apart by it.</summary>
    public const string SubgraphName = "subgraph_name";

    /// <summary>In front of the name of a custom operator that is called as a builtin one.</summary>
    public const string CustomPrefix = IR.TFLiteParts.CustomPrefix;
}
