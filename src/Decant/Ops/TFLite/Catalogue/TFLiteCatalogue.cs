using System.Globalization;
using System.IO.Compression;
using Decant.IR;

namespace Decant.Ops.TFLite.Catalogue;

/// <summary>TensorFlow Lite's builtin operators, their options and enumerations: two tables, parsed when first asked for.</summary>
public static class TFLiteCatalogue
{
    /// <summary>The code of operators that are known by a name of their own.</summary>
    public const int CustomCode = 32;

    private static readonly Lazy<Tables> Loaded = new(Load);

    // In the order of the schema's TensorType.
    private static readonly DType[] TensorTypes =
    [
        DType.Float32, DType.Float16, DType.Int32, DType.UInt8, DType.Int64, DType.String, DType.Bool, DType.Int16, DType.Complex64,
        DType.Int8, DType.Float64, DType.Complex128, DType.UInt64, DType.Resource, DType.Variant, DType.UInt32, DType.UInt16, DType.Int4,
        DType.BFloat16, DType.Int2, DType.UInt4, DType.Float8E4M3FN, DType.Float8E5M2,
    ];

    /// <summary>All builtin operators by code.</summary>
    public static IReadOnlyDictionary<int, BuiltinOperator> Operators => Loaded.Value.ByCode;

    /// <summary>The builtin operator of a name, or null.</summary>
    public static BuiltinOperator? Find(string name) => Loaded.Value.ByName.GetValueOrDefault(name);

    /// <summary>The options table of a type of a union (1 or 2), or null.</summary>
    public static OptionTable? Options(int union, int type) => Loaded.Value.Options.GetValueOrDefault((union, type));

    /// <summary>The options table of a name, or null.</summary>
    public static OptionTable? Options(string name) => Loaded.Value.ByTable.GetValueOrDefault(name);

    /// <summary>The enumeration of a name, or null.</summary>
    public static OptionEnum? Enum(string name) => Loaded.Value.Enums.GetValueOrDefault(name);

    /// <summary>The element type of a number of the schema's TensorType; Invalid for one that it does not have.</summary>
    public static DType DTypeOf(int tensorType) => (uint)tensorType < TensorTypes.Length ? TensorTypes[tensorType] : DType.Invalid;

    /// <summary>The number of an element type in the schema's TensorType; -1 for one that it does not have.</summary>
    public static int TensorType(DType dtype) => Array.IndexOf(TensorTypes, dtype);

    /// <summary>The value that an attribute of an operator has when it is not given; null when there is no such attribute.</summary>
    public static AttrValue? Default(string op, string attribute) =>
        Find(op)?.Options?.Fields.FirstOrDefault(f => f.Name == attribute) is { } field ? Default(field) : null;

    /// <summary>The value of a field that is absent; null for a vector, string or subgraph.</summary>
    public static AttrValue? Default(OptionField field) => field switch
    {
        { IsSubgraph: true } => null,
        { Kind: "bool" } => field.Default == "true",
        { Kind: "float" } => 0f,
        { Kind: "TensorType" } => field.Default == "INT32" ? DType.Int32 : DType.Float32,
        { Kind: "int" or "uint" or "long" } => field.Default.Length > 0 ? long.Parse(field.Default, CultureInfo.InvariantCulture) : 0L,
        { Kind: "string" or ['[', ..] } => null,
        _ => Enum(field.Kind)!.Values[0],
    };

    private static Tables Load()
    {
        var tables = new Tables();
        foreach (string[] row in Rows("tflite-options.tsv.deflate"))
        {
            if (row[0] == "enum")
            {
                tables.Enums[row[2]] = new OptionEnum(row[2], int.Parse(row[1], CultureInfo.InvariantCulture), row[3].Split(','));
                continue;
            }

            (int union, int type) = (int.Parse(row[1], CultureInfo.InvariantCulture), int.Parse(row[2], CultureInfo.InvariantCulture));
            var table = new OptionTable(union, type, row[3], [.. row[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Field)]);
            tables.Options[(union, type)] = table;
            tables.ByTable[table.Name] = table;
        }

        foreach (string[] row in Rows("tflite-operators.tsv.deflate"))
        {
            int code = int.Parse(row[0], CultureInfo.InvariantCulture);
            (int, string)[] versions = [.. row[3].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split(':')).Select(v => (int.Parse(v[0], CultureInfo.InvariantCulture), v[1]))];
            var op = new BuiltinOperator(code, row[1], row[2].Length > 0 ? tables.ByTable[row[2]] : null, versions);
            (tables.ByCode[code], tables.ByName[op.Name]) = (op, op);
        }

        return tables;
    }

    private static OptionField Field(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal), equals = text.IndexOf('=', StringComparison.Ordinal);
        return new OptionField(text[..colon], equals < 0 ? text[(colon + 1)..] : text[(colon + 1)..equals], equals < 0 ? "" : text[(equals + 1)..]);
    }

    /// <summary>The fields of a table's rows, without comments.</summary>
    internal static IEnumerable<string[]> Rows(string resource)
    {
        using Stream stream = typeof(TFLiteCatalogue).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(new DeflateStream(stream, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line.Split('\t');
        }
    }

    private sealed class Tables
    {
        public Dictionary<int, BuiltinOperator> ByCode { get; } = [];

        public Dictionary<string, BuiltinOperator> ByName { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, OptionTable> ByTable { get; } = new(StringComparer.Ordinal);

        public Dictionary<(int Union, int Type), OptionTable> Options { get; } = [];

        public Dictionary<string, OptionEnum> Enums { get; } = new(StringComparer.Ordinal);
    }
}
