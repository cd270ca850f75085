namespace Decant.Formats.TFJS;

/// <summary>A weight of the manifest.</summary>
/// <param name="Name">The constant that it is the value of.</param>
/// <param name="Shape">The dimensions.</param>
/// <param name="DType">The type of its elements for TensorFlow.js.</param>
/// <param name="Quantization">How the elements are stored, when not as themselves.</param>
internal sealed record WeightEntry(string Name, Shape Shape, DType DType, WeightQuantization? Quantization = null)
{
    /// <summary>The group of weights that only training needs.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>What the weight is for, when the manifest tells.</summary>
    public string? Group { get; init; }

    /// <summary>The type in which the elements lie in the shards.</summary>
    public DType Stored => Quantization?.DType ?? DType;

    /// <summary>The name of a type in the manifest; null for those that TensorFlow.js does not have.</summary>
    public static string? NameOf(DType dtype) => dtype switch
    {
        DType.Float32 => "float32",
        DType.Int32 => "int32",
        DType.Bool => "bool",
        DType.String => "string",
        DType.Complex64 => "complex64",
        DType.UInt8 => "uint8",
        DType.UInt16 => "uint16",
        DType.Float16 => "float16",
        _ => null,
    };

    /// <summary>The type of a name in the manifest, or Invalid.</summary>
    public static DType TypeOf(string name) => name switch
    {
        "float32" => DType.Float32,
        "int32" => DType.Int32,
        "bool" => DType.Bool,
        "string" => DType.String,
        "complex64" => DType.Complex64,
        "uint8" => DType.UInt8,
        "uint16" => DType.UInt16,
        "float16" => DType.Float16,
        _ => DType.Invalid,
    };
}

/// <summary>How a weight is stored: as float16, or as <c>uint8</c> or <c>uint16</c> q that stands for <c>q * Scale + Min</c>.</summary>
/// <param name="DType">The type in the shards.</param>
/// <param name="Min">What 0 stands for.</param>
/// <param name="Scale">The distance of neighbours.</param>
internal sealed record WeightQuantization(DType DType, double Min, double Scale);

/// <summary>Weights that lie one behind the other in files that are one run of bytes together.</summary>
/// <param name="Paths">The files, relative to the model's folder.</param>
/// <param name="Weights">The weights in the order of their bytes.</param>
internal sealed record WeightGroup(IReadOnlyList<string> Paths, IReadOnlyList<WeightEntry> Weights);
