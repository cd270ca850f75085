using Decant.Ops.TFLite.Catalogue;

namespace Decant.Lowering;

/// <summary>The element types that TensorFlow Lite's converter allows for the operands of operators without quantization.</summary>
internal sealed record OperandTypes(IReadOnlyList<IReadOnlySet<DType>?> Inputs, IReadOnlyList<IReadOnlySet<DType>?> Outputs)
{
    // Types in which others are computed, the nearest first.
    private static readonly Dictionary<DType, DType[]> Wider = new()
    {
        [DType.Float64] = [DType.Float32],
        [DType.Float16] = [DType.Float32],
        [DType.BFloat16] = [DType.Float32],
        [DType.Int8] = [DType.Int16, DType.Int32, DType.Float32],
        [DType.UInt8] = [DType.Int16, DType.Int32, DType.Float32],
        [DType.Int16] = [DType.Int32, DType.Float32],
        [DType.UInt16] = [DType.Int32, DType.Float32],
        [DType.UInt32] = [DType.Int64],
        [DType.Bool] = [DType.Int8, DType.Int32, DType.Float32],
        [DType.Int32] = [DType.Int64],
    };

    private static readonly Lazy<Dictionary<string, OperandTypes>> Table = new(Load);

    /// <summary>The types of an operator; null when all are allowed.</summary>
    public static OperandTypes? Find(string op) => Table.Value.GetValueOrDefault(op);

    /// <summary>The type that stands for another where that is not allowed; the type itself where it is; Invalid when none does.</summary>
    public static DType Allowed(IReadOnlySet<DType>? allowed, DType dtype) =>
        allowed is null || dtype == DType.Invalid || allowed.Contains(dtype) ? dtype
            : Wider.TryGetValue(dtype, out DType[]? wider) ? wider.FirstOrDefault(allowed.Contains) : DType.Invalid;

    /// <summary>The types of an operand; those behind the last are as the last.</summary>
    public static IReadOnlySet<DType>? At(IReadOnlyList<IReadOnlySet<DType>?> operands, int index) => operands.Count == 0 ? null : operands[Math.Min(index, operands.Count - 1)];

    private static Dictionary<string, OperandTypes> Load()
    {
        var table = new Dictionary<string, OperandTypes>(StringComparer.Ordinal);
        foreach (string[] row in TFLiteCatalogue.Rows("tflite-operands.tsv.deflate"))
            table[row[0]] = new OperandTypes(Operands(row[1]), Operands(row[2]));
        return table;
    }

    private static IReadOnlySet<DType>?[] Operands(string text) => text.Length == 0 ? [] : [.. text.Split('|').Select(Types)];

    private static HashSet<DType>? Types(string text) => text == "*" ? null : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Named)];

    private static DType Named(string name) => Enum.GetValues<DType>().First(d => d.Name() == name);
}
