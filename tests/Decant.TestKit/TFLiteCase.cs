using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Decant.IR;

namespace Decant.TestKit;

/// <summary>A recorded model of one TensorFlow Lite operator, with inputs and results of each step on the same interpreter.</summary>
public sealed class TFLiteCase(string folder, JsonElement json)
{
    /// <summary>What floats may differ by, as a part of the largest magnitude of the output: sums in another order. Integers must be the same.</summary>
    private const double FloatTolerance = 1e-5;

    private const double SmallestTolerance = 1e-6;

    /// <summary>How many results may lie on a half, of those of a depthwise convolution: about two in a thousand do.</summary>
    private const double MostHalves = 0.02;

    public string Id { get; } = json.GetProperty("id").GetString()!;

    /// <summary>The operator, a custom one by its own name.</summary>
    public string Op { get; } = json.TryGetProperty("custom", out JsonElement custom) && custom.GetString() is { Length: > 0 } name ? name : json.GetProperty("op").GetString()!;

    public string Model => Path.Combine(folder, Id + ".tflite");

    /// <summary>The cases of a folder.</summary>
    public static IEnumerable<TFLiteCase> Read(string folder)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "cases.jsonl.gz")), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            yield return new TFLiteCase(folder, JsonDocument.Parse(line).RootElement.Clone());
    }

    /// <summary>Runs all steps and gives the first difference, or null.</summary>
    public string? Difference()
    {
        try
        {
            using Model model = Decant.Model.Load(Model);
            using var session = new Session(model);
            var main = (Function)model.Graph;
            int step = 0;
            foreach (JsonElement recorded in json.GetProperty("steps").EnumerateArray())
            {
                if (Difference(session, main, recorded) is { } difference)
                    return $"step {step}: {difference}";
                step++;
            }

            return null;
        }
        catch (ModelException e)
        {
            return $"{e.Diagnostics[0].Code.Id}: {e.Message}";
        }
    }

    /// <summary>What goes into the first step, and what comes out, by position among the inputs and the outputs.</summary>
    public (Dictionary<string, Tensor> Feeds, IReadOnlyList<(string Position, Tensor Expected)> Outputs) FirstStep(Function main) => Step(main, json.GetProperty("steps")[0]);

    private string? Difference(Session session, Function main, JsonElement step)
    {
        (Dictionary<string, Tensor> feeds, IReadOnlyList<(string Position, Tensor Expected)> outputs) = Step(main, step);
        IReadOnlyDictionary<string, Tensor> results = session.Run(feeds, [.. outputs.Select(o => o.Position)]);
        foreach ((string position, Tensor expected) in outputs)
        {
            if (Difference(results[position], expected) is { } difference)
                return $"output {position}: {difference}";
        }

        return null;
    }

    private static (Dictionary<string, Tensor> Feeds, IReadOnlyList<(string Position, Tensor Expected)> Outputs) Step(Function main, JsonElement step)
    {
        var feeds = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (JsonElement input in step.GetProperty("inputs").EnumerateArray())
        {
            int position = main.ArgNodes.FindIndex(n => n.Tensors[0].Index == input.GetProperty("index").GetInt32());
            if (position >= 0 && Tensor(input) is { } value)
                feeds[$"{position}"] = value;
        }

        return (feeds, [.. step.GetProperty("outputs").EnumerateArray()
            .Select((output, i) => ($"{i}", output.TryGetProperty("index", out JsonElement index) && index.GetInt32() >= 0 ? Tensor(output) : null))
            .Where(o => o.Item2 is not null).Select(o => (o.Item1, o.Item2!))]);
    }

    private string? Difference(Tensor actual, Tensor expected)
    {
        if (TensorComparison.Layout(actual, expected) is { } layout)
            return layout;
        if (expected.DType == DType.String)
            return TensorComparison.Difference(actual, expected, 0, 0);
        var (found, wanted) = (Numbers(actual), Numbers(expected));
        bool isFloat = expected.DType.IsFloating() || expected.DType.IsComplex();
        double largest = wanted.Where(v => double.IsFinite(v.Real)).Select(v => v.Magnitude).DefaultIfEmpty(0).Max();
        double unit = expected.DType switch { DType.Float16 => 1.0 / 1024, DType.BFloat16 => 1.0 / 128, _ => FloatTolerance };
        // The build that recorded the cases has no vector code, and rounds halves away from zero; builds with it round them up in channels that
        // fill vectors of eight, as the recorded networks show. Below zero the result is then the next one up.
        bool goesUp = Op == "DEPTHWISE_CONV_2D" && expected.DType == DType.Int8;
        long channels = expected.Shape.Rank > 0 ? expected.Shape[expected.Shape.Rank - 1] : 1;
        int halves = 0;
        double tolerance = isFloat ? Math.Max(SmallestTolerance, unit * largest) : 0;
        for (int i = 0; i < found.Length; i++)
        {
            bool same = found[i] == wanted[i] || (double.IsNaN(found[i].Real) && double.IsNaN(wanted[i].Real)) || (found[i] - wanted[i]).Magnitude <= tolerance;
            if (!same && goesUp && i % channels < (channels & ~7L) && found[i] - wanted[i] == 1)
                halves++;
            else if (!same)
                return $"element {i} of {actual} is {found[i].Real:R}, expected {wanted[i].Real:R}, largest {largest:R}";
        }

        return halves > MostHalves * found.Length ? $"{halves} of {found.Length} elements are one more than expected" : null;
    }

    private static System.Numerics.Complex[] Numbers(Tensor tensor) => tensor.DType switch
    {
        DType.Int4 or DType.Int2 => TensorComparison.Numbers(tensor.Reinterpreted(DType.Int8)),
        DType.UInt4 => TensorComparison.Numbers(tensor.Reinterpreted(DType.UInt8)),
        DType.Float8E4M3FN or DType.Float8E5M2 => TensorComparison.Numbers(tensor.Reinterpreted(DType.UInt8)),
        _ => TensorComparison.Numbers(tensor),
    };

    private static Tensor? Tensor(JsonElement json)
    {
        if (json.TryGetProperty("nodata", out _) || !DTypes.TryParse(json.GetProperty("dtype").GetString()!, out DType dtype))
            return null;
        var shape = new Shape([.. json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]);
        if (json.TryGetProperty("strings", out JsonElement strings))
            return Decant.Tensor.FromStrings([.. strings.EnumerateArray().Select(s => s.GetString()!)], shape);
        if (json.TryGetProperty("strings_b64", out JsonElement encoded))
            return new Tensor(shape, encoded.EnumerateArray().Select(s => (ReadOnlyMemory<byte>)s.GetBytesFromBase64()).ToArray());
        if (!json.TryGetProperty("b64", out JsonElement b64))
            return null;
        byte[] bytes = b64.GetBytesFromBase64();
        int bits = dtype switch { DType.Int4 or DType.UInt4 => 4, DType.Int2 => 2, _ => 8 };
        if (bits < 8)
        {
            byte[] unpacked = new byte[shape.ElementCount];
            for (int i = 0; i < unpacked.Length; i++)
            {
                int raw = (bytes[i * bits / 8] >> (i * bits % 8)) & ((1 << bits) - 1);
                unpacked[i] = dtype == DType.UInt4 ? (byte)raw : (byte)((sbyte)(raw << (8 - bits)) >> (8 - bits));
            }

            bytes = unpacked;
        }

        return new Tensor(dtype, shape, new BufferSlice(bytes));
    }
}
