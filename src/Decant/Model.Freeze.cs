using Decant.IR;
using Decant.Passes.Freeze;

namespace Decant;

public sealed partial class Model
{
    /// <summary>
    /// This model as one graph that stands by itself: what the outputs need, functions inlined, variables as constants. The
    /// weights stay in this model's files, so it must stay open while the result is used.
    /// </summary>
    /// <exception cref="ModelException">A name is unknown, or a variable has no value in the checkpoint.</exception>
    public Model Freeze(FreezeOptions? options = null) => Freezer.Freeze(this, options ?? new FreezeOptions(), ValueOf);

    internal Tensor ValueOf(Node variable) =>
        Variables.TryGetValue(variable.Name, out VariableEntry? entry)
            ? entry.Read()
            : throw GraphErrors.NoValue.At(
                variable.At(), Checkpoint is null ? "is a variable, but the model has no checkpoint to take its value from" : $"is a variable that the checkpoint '{Checkpoint}' has no value for",
                Checkpoint is null ? "give the checkpoint: --checkpoint model.ckpt-1000" : "list what is there: decant checkpoint list PREFIX");
}
