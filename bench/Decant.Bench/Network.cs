using System.Globalization;
using Decant.Wire.Npy;

namespace Decant.Bench;

/// <summary>A network of the test data, as a line of <c>bench/networks.tsv</c> names it.</summary>
internal sealed record Network(string Name, string Model, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>The networks of the list. <paramref name="graphs"/> is the folder that <c>bench/peers/graphs</c> wrote.</summary>
    public static IReadOnlyList<Network> Read(string list, string data, string graphs) =>
    [
        .. File.ReadLines(list).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')).Select(fields => new Network(
            fields[0],
            Path.Combine(data, fields[1].Replace("{graphs}", Path.GetFullPath(graphs), StringComparison.Ordinal)),
            fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            fields[3].Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];

    /// <summary>The inputs by name.</summary>
    public Dictionary<string, Tensor> Feeds() => Inputs.ToDictionary(i => i[..i.LastIndexOf(':')], i => Value(i[(i.LastIndexOf(':') + 1)..]));

    /// <summary>The arguments that name inputs and outputs; the inputs' values are written to a folder.</summary>
    public IEnumerable<string> Arguments(string folder)
    {
        int count = 0;
        foreach ((string name, Tensor value) in Feeds())
        {
            string path = Path.Combine(folder, $"{Name}-{count++}.npy");
            using (FileStream file = File.Create(path))
                NpyWriter.Write(value, file);
            yield return "--input";
            yield return $"{name}={path}";
        }

        foreach (string output in Outputs)
        {
            yield return "--output";
            yield return output;
        }
    }

    /// <summary>A value of a type and shape, such as <c>float32[1,8]</c>: random from 0 to 1, or as <c>=0..255</c> or <c>=1</c> says.</summary>
    private static Tensor Value(string text)
    {
        string[] parts = text.Split('[', ']', '=');
        var shape = new Shape([.. parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(d => long.Parse(d, CultureInfo.InvariantCulture))]);
        string[] range = parts is [_, _, _, var said] ? said.Split("..") : ["0", "1"];
        float low = float.Parse(range[0], CultureInfo.InvariantCulture), high = float.Parse(range[^1], CultureInfo.InvariantCulture);
        var random = new Random(1);
        float[] values = new float[shape.ElementCount];
        foreach (ref float value in values.AsSpan())
            value = low + ((high - low) * random.NextSingle());
        return parts[0] == "uint8" ? Tensor.Wrap(Array.ConvertAll(values, v => (byte)v), shape) : Tensor.Wrap(values, shape);
    }
}
