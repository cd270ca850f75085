using System.Globalization;
using Decant.IR;
using Decant.Wire.Npy;

namespace Decant.Cli;

/// <summary>Reads the inputs of a run from <c>NAME=FILE.npy</c>.</summary>
internal static class InputFiles
{
    public static Dictionary<string, Tensor> Read(Model model, SignatureView view, IEnumerable<string> given, Terminal terminal)
    {
        var inputs = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (string item in given)
        {
            int equals = item.IndexOf('=');
            if (equals <= 0)
                throw CliErrors.Usage.At(null, $"--input {item}: expected NAME=FILE.npy", $"the inputs are {string.Join(", ", view.Inputs.Select(i => $"'{i.Name}'"))}");
            string name = item[..equals];
            Tensor tensor = NpyReader.Read(item[(equals + 1)..]);
            inputs[name] = Convert(tensor, Wanted(model, view, name), name, terminal);
        }

        return inputs;
    }

    private static DType Wanted(Model model, SignatureView view, string name) =>
        view.Inputs.FirstOrDefault(i => i.Name == name)?.DType.Deref() is DType dtype and not DType.Invalid ? dtype
            : model.Graph.TryGet(name.Split(':')[0], out Node? node) && node.Attributes["dtype"] is TypeAttr { Value: var type } ? type.Deref() : DType.Invalid;

    /// <summary>numpy makes float64 and int64 where models want float32 and int32: those are converted, and it is said.</summary>
    private static Tensor Convert(Tensor tensor, DType wanted, string name, Terminal terminal)
    {
        Tensor? converted = (tensor.DType, wanted) switch
        {
            (DType.Float64, DType.Float32) => Tensor.Wrap(Array.ConvertAll(tensor.Span<double>().ToArray(), x => (float)x), tensor.Shape),
            (DType.Float64, DType.Float16) => Tensor.Wrap(Array.ConvertAll(tensor.Span<double>().ToArray(), x => (Half)x), tensor.Shape),
            (DType.Float32, DType.Float64) => Tensor.Wrap(Array.ConvertAll(tensor.Span<float>().ToArray(), x => (double)x), tensor.Shape),
            (DType.Float32, DType.BFloat16) => Tensor.Wrap(Array.ConvertAll(tensor.Span<float>().ToArray(), x => (BFloat16)x), tensor.Shape),
            (DType.Int64, DType.Int32) => Tensor.Wrap(Array.ConvertAll(tensor.Span<long>().ToArray(), x => checked((int)x)), tensor.Shape),
            (DType.Int32, DType.Int64) => Tensor.Wrap(Array.ConvertAll(tensor.Span<int>().ToArray(), x => (long)x), tensor.Shape),
            _ => null,
        };
        if (converted is null)
            return tensor;
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"note: {name} is {tensor.DType.Name()} in the file and was converted to {wanted.Name()}"));
        return converted;
    }
}
