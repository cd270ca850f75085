using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>A number, a truth value, or nested lists of them, as descriptions have arrays.</summary>
/// <param name="Values">The numbers in order; truth values are 0 and 1.</param>
/// <param name="Shape">The lengths of the lists.</param>
/// <param name="AreWhole">Whether all are integers.</param>
/// <param name="AreTruths">Whether some are truth values.</param>
internal sealed record JsonNumbers(IReadOnlyList<double> Values, Shape Shape, bool AreWhole, bool AreTruths)
{
    private const int Deepest = 8, Most = 10_000_000;

    /// <summary>Reads them; null where there is something else, or lists differ in length.</summary>
    public static JsonNumbers? Read(JsonElement value)
    {
        var numbers = new List<double>();
        var dims = new List<long>();
        bool areWhole = true, areTruths = false;
        return Collect(value, 0) ? new JsonNumbers(numbers, new Shape([.. dims]), areWhole, areTruths) : null;

        bool Collect(JsonElement item, int depth)
        {
            if (item.ValueKind == JsonValueKind.Array && depth < Deepest)
            {
                if (dims.Count == depth && numbers.Count == 0)
                    dims.Add(item.GetArrayLength());
                return dims.Count > depth && dims[depth] == item.GetArrayLength() && item.EnumerateArray().All(part => Collect(part, depth + 1));
            }

            if (depth != dims.Count || numbers.Count > Most || item.ValueKind is not (JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False))
                return false;
            areTruths |= item.ValueKind != JsonValueKind.Number;
            numbers.Add(item.ValueKind == JsonValueKind.Number ? item.GetDouble() : item.ValueKind == JsonValueKind.True ? 1 : 0);
            areWhole &= item.ValueKind != JsonValueKind.Number || item.TryGetInt64(out _);
            return true;
        }
    }

    /// <summary>Adds a constant of an element type to a layer's ops.</summary>
    public Value Add(LayerCall call, DType wanted) => call.Cast(call.Graph.Const($"{call.Scope}/Const", wanted switch
    {
        DType.Bool => Tensor.Wrap([.. Values.Select(n => n != 0)], Shape),
        DType.Int64 => Tensor.Wrap([.. Values.Select(n => (long)n)], Shape),
        DType.Float64 => Tensor.Wrap([.. Values], Shape),
        _ when wanted.IsInteger() => Tensor.Wrap([.. Values.Select(n => (int)n)], Shape),
        _ => Tensor.Wrap([.. Values.Select(n => (float)n)], Shape),
    }), wanted);
}
