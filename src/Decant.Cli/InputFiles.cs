using System.Globalization;
using System.Numerics;
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
            : !model.Graph.TryGet(name.Split(':')[0], out Node? node) ? DType.Invalid
            : node.Fact(0).DType is DType known and not DType.Invalid ? known.Deref() : node.Attributes["dtype"] is TypeAttr { Value: var type } ? type.Deref() : DType.Invalid;

    /// <summary>
    /// numpy makes float64 and int64 where models want float32 and int32, and TensorFlow.js has no integers but int32: those are
    /// converted when their values fit, and it is said.
    /// </summary>
    private static Tensor Convert(Tensor tensor, DType wanted, string name, Terminal terminal)
    {
        Tensor? converted = (tensor.DType, wanted) switch
        {
            (DType.Float64, DType.Float32) => Tensor.Wrap(Array.ConvertAll(tensor.Span<double>().ToArray(), x => (float)x), tensor.Shape),
            (DType.Float64, DType.Float16) => Tensor.Wrap(Array.ConvertAll(tensor.Span<double>().ToArray(), x => (Half)x), tensor.Shape),
            (DType.Float32, DType.Float64) => Tensor.Wrap(Array.ConvertAll(tensor.Span<float>().ToArray(), x => (double)x), tensor.Shape),
            (DType.Float32, DType.BFloat16) => Tensor.Wrap(Array.ConvertAll(tensor.Span<float>().ToArray(), x => (BFloat16)x), tensor.Shape),
            (DType.Int64, DType.Int32) => Integers<long, int>(tensor),
            (DType.Int32, DType.Int64) => Integers<int, long>(tensor),
            (DType.Int32, DType.UInt8) => Integers<int, byte>(tensor),
            (DType.Int32, DType.Int8) => Integers<int, sbyte>(tensor),
            (DType.Int32, DType.UInt16) => Integers<int, ushort>(tensor),
            (DType.Int32, DType.Int16) => Integers<int, short>(tensor),
            _ => null,
        };
        if (converted is null)
            return tensor;
        terminal.Say(string.Create(CultureInfo.InvariantCulture, $"note: {name} is {tensor.DType.Name()} in the file and was converted to {wanted.Name()}"));
        return converted;
    }

    /// <summary>The integers as another type; null when a value does not fit.</summary>
    private static Tensor? Integers<TFrom, TTo>(Tensor tensor)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        ReadOnlySpan<TFrom> values = tensor.Span<TFrom>();
        TTo[] converted = new TTo[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            converted[i] = TTo.CreateTruncating(values[i]);
            if (TFrom.CreateTruncating(converted[i]) != values[i])
                return null;
        }

        return Tensor.Wrap(converted, tensor.Shape);
    }
}
