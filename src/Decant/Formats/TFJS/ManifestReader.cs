using System.Globalization;
using System.Text.Json;
using Decant.Wire.Json;

namespace Decant.Formats.TFJS;

/// <summary>Reads a weights manifest.</summary>
internal static class ManifestReader
{
    private const int MaxRank = 64;

    public static List<WeightGroup> Read(BufferSlice json)
    {
        List<WeightGroup> groups = [];
        var tokens = new JsonTokens(json);
        tokens.Next();
        tokens.Expect(JsonTokenType.StartArray, "the list of groups of weights");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
            groups.Add(ReadGroup(ref tokens));
        tokens.End();
        return groups;
    }

    private static WeightGroup ReadGroup(ref JsonTokens tokens)
    {
        List<string> paths = [];
        List<WeightEntry> weights = [];
        tokens.Expect(JsonTokenType.StartObject, "a group of weights");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string name = tokens.Text();
            tokens.Next();
            if (name is not ("paths" or "weights"))
            {
                tokens.Skip();
                continue;
            }

            tokens.Expect(JsonTokenType.StartArray, $"a list for '{name}'");
            for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
            {
                if (name == "paths")
                    paths.Add(Text(ref tokens, "a path"));
                else
                    weights.Add(ReadWeight(ref tokens));
            }
        }

        return new WeightGroup(paths, weights);
    }

    private static WeightEntry ReadWeight(ref JsonTokens tokens)
    {
        string name = "", dtype = "";
        string? group = null;
        long[]? shape = null;
        WeightQuantization? quantization = null;
        tokens.Expect(JsonTokenType.StartObject, "a weight");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string field = tokens.Text();
            tokens.Next();
            switch (field)
            {
                case "name":
                    name = Text(ref tokens, "a weight's name");
                    break;
                case "dtype":
                    dtype = Text(ref tokens, "a weight's dtype");
                    break;
                case "group" when tokens.Type == JsonTokenType.String:
                    group = tokens.Text();
                    break;
                case "shape":
                    shape = ReadShape(ref tokens);
                    break;
                case "quantization" when tokens.Type != JsonTokenType.Null:
                    quantization = ReadQuantization(ref tokens);
                    break;
                default:
                    tokens.Skip();
                    break;
            }
        }

        if (name.Length == 0 || shape is null)
            throw tokens.Fail($"the weight '{name}' has no {(name.Length == 0 ? "name" : "shape")}");
        DType type = WeightEntry.TypeOf(dtype);
        if (type == DType.Invalid)
            throw tokens.Fail($"the weight '{name}' has the dtype '{dtype}', expected float32, int32, bool, string or complex64");
        if (quantization is not null && type is not (DType.Float32 or DType.Int32))
            throw tokens.Fail($"the weight '{name}' is quantized, which {dtype} weights cannot be");
        if (quantization is { DType: DType.Float16 } && type != DType.Float32)
            throw tokens.Fail($"the weight '{name}' is quantized with float16, which only supports weights of type float32, not {dtype}");
        var dims = new Shape(shape);
        if (!dims.TryElementCount(out long count) || count > long.MaxValue / 16)
            throw tokens.Fail($"the weight '{name}' has the shape {dims}, which is more than any machine can hold");
        return new WeightEntry(name, dims, type, quantization) { Group = group };
    }

    private static long[] ReadShape(ref JsonTokens tokens)
    {
        List<long> dims = [];
        tokens.Expect(JsonTokenType.StartArray, "a list for 'shape'");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
        {
            if (tokens.Type != JsonTokenType.Number || !long.TryParse(tokens.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out long dim) || dim > int.MaxValue)
                throw tokens.Fail($"expected a size from 0 to {int.MaxValue} in 'shape', found {tokens.Shown}");
            dims.Add(dim);
            if (dims.Count > MaxRank)
                throw tokens.Fail($"a shape has more than {MaxRank} dimensions");
        }

        return [.. dims];
    }

    private static WeightQuantization ReadQuantization(ref JsonTokens tokens)
    {
        string dtype = "";
        double? min = null, scale = null;
        tokens.Expect(JsonTokenType.StartObject, "an object for 'quantization'");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string field = tokens.Text();
            tokens.Next();
            switch (field)
            {
                case "dtype":
                    dtype = Text(ref tokens, "a type");
                    break;
                case "min":
                    min = Number(ref tokens, field);
                    break;
                case "scale":
                    scale = Number(ref tokens, field);
                    break;
                default:
                    tokens.Skip();
                    break;
            }
        }

        DType type = WeightEntry.TypeOf(dtype);
        if (type is not (DType.Float16 or DType.UInt8 or DType.UInt16))
            throw tokens.Fail($"a weight is quantized to '{dtype}', expected float16, uint8 or uint16");
        if (type != DType.Float16 && (min is null || scale is null))
            throw tokens.Fail($"a weight with quantization {dtype} has no {(min is null ? "min" : "scale")}");
        return new WeightQuantization(type, min ?? 0, scale ?? 1);
    }

    private static string Text(ref JsonTokens tokens, string what)
    {
        tokens.Expect(JsonTokenType.String, what);
        return tokens.Text();
    }

    private static double Number(ref JsonTokens tokens, string name) =>
        tokens.Type == JsonTokenType.Number && double.TryParse(tokens.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw tokens.Fail($"expected a number for '{name}', found {tokens.Shown}");
}
