using Decant.Formats.Checkpoint;
using Decant.Formats.Variables;
using Decant.IR;

namespace Decant;

public sealed partial class Model
{
    private IReadOnlyDictionary<string, VariableEntry>? _variables;
    private StoredVariables? _stored;

    /// <summary>The prefix of the checkpoint that holds the variables' values, or null.</summary>
    public string? Checkpoint
    {
        get => _stored?.Prefix;
        set => (_stored, _variables) = (value is null ? null : new StoredVariables(value), null);
    }

    /// <summary>The full paths of the files that string constants stand for, by the constant's node name.</summary>
    public IReadOnlyDictionary<string, string> AssetPaths { get; set; } = new Dictionary<string, string>();

    /// <summary>
    /// The values that the checkpoint has for variables of the main graph, by node name; empty without a checkpoint. Found
    /// when first asked for; the values themselves are read one by one by <see cref="VariableEntry.Read"/>.
    /// </summary>
    /// <exception cref="ModelException">The checkpoint is damaged.</exception>
    public IReadOnlyDictionary<string, VariableEntry> Variables
    {
        get
        {
            _variables ??= _stored?.Find(this) ?? new Dictionary<string, VariableEntry>();
            return _variables;
        }
    }

    /// <summary>Takes the values of its variables from where another model does.</summary>
    internal void ShareVariables(Model other) => _stored = other._stored;

    // A class of its own, so that an app that opens no checkpoint does not carry what reads them.
    private sealed class StoredVariables(string prefix)
    {
        public string Prefix => prefix;

        public IReadOnlyDictionary<string, VariableEntry> Find(Model model)
        {
            CheckpointReader reader = CheckpointReader.Open(prefix);
            model.Hold(reader);
            return CheckpointVariables.Find(model, reader);
        }
    }
}
