using Decant.IR;
using Decant.Passes.Compress;
using Decant.Passes.Freeze;

namespace Decant;

public sealed partial class Model
{
    /// <summary>
    /// This model frozen, with smaller weights. They are computed when the result is saved, one after another, from this model's files,
    /// so it must stay open while the result is used. To run the result, save it and load it.
    /// </summary>
    /// <exception cref="ModelException">A name is unknown, a variable has no value, or the rows of an embedding cannot be changed.</exception>
    public CompressionResult Compress(CompressOptions options)
    {
        Model frozen = Freeze(new FreezeOptions { Signature = options.Signature, Inputs = options.Inputs, Outputs = options.Outputs });
        SignatureView view = SignatureView.Of(frozen, frozen.Signatures.Exists(s => s.Key == options.Signature) ? options.Signature : null);
        IEnumerable<Value> inputs = (options.Inputs ?? [.. view.Inputs.Select(i => i.Name)]).Select(n => view.Resolve(n, isInput: true));
        IEnumerable<Value> outputs = (options.Outputs ?? [.. view.Outputs.Select(o => o.Name)]).Select(n => view.Resolve(n, isInput: false));
        return Compressor.Run(frozen, [.. inputs.Concat(outputs).Select(v => v.Node.Name).Distinct()], options);
    }
}
