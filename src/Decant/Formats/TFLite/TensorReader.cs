using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>Reads what a file declares of a tensor.</summary>
internal static class TensorReader
{
    // Longer than any tensor of a model: a bound before dimensions are multiplied.
    private const int MaxRank = 64;

    public static TensorSpec Read(FlatTable table, int index)
    {
        int type = table.Scalar<sbyte>(F.Tensor.Type);
        DType dtype = TFLiteCatalogue.DTypeOf(type);
        if (dtype == DType.Invalid)
            throw table.At(F.Tensor.Type, $"a tensor is of type {type}, which the schema does not have");
        Shape shape = ShapeOf(table, F.Tensor.Shape) ?? Shape.Scalar;
        Quantization? quantization = table.Table(F.Tensor.Quantization, "the quantization of a tensor") is { } q ? QuantizationOf(q) : null;
        return new TensorSpec(table.String(F.Tensor.Name, "the name of a tensor") ?? "", dtype, shape)
        {
            Signature = ShapeOf(table, F.Tensor.ShapeSignature) ?? Shape.Unknown,
            HasRank = table.Bool(F.Tensor.HasRank),
            IsVariable = table.Bool(F.Tensor.IsVariable),
            Quantization = quantization,
            Sparsity = table.Table(F.Tensor.Sparsity, "the sparsity of a tensor") is { } sparsity ? SparsityOf(sparsity) : null,
            VariantTensors = [.. table.Tables(F.Tensor.VariantTensors, "the tensors of a variant").Select(VariantOf)],
            ExternalBuffer = table.Scalar<uint>(F.Tensor.ExternalBuffer),
            Index = index,
        };
    }

    private static TensorSpec VariantOf(FlatTable table)
    {
        DType dtype = TFLiteCatalogue.DTypeOf(table.Scalar<sbyte>(F.VariantSubType.Type));
        return new TensorSpec("", dtype, ShapeOf(table, F.VariantSubType.Shape) ?? Shape.Scalar) { HasRank = table.Bool(F.VariantSubType.HasRank) };
    }

    private static Shape? ShapeOf(FlatTable table, int field)
    {
        if (table.Vector<int>(field, "the shape of a tensor") is not { } dims)
            return null;
        if (dims.Length > MaxRank || Array.Exists(dims, d => d < -1))
            throw table.At(field, $"a tensor has the shape [{string.Join(',', dims.Take(MaxRank))}], expected at most {MaxRank} sizes that are not negative, or -1");
        return new Shape([.. dims.Select(d => (long)d)]);
    }

    private static Quantization QuantizationOf(FlatTable table)
    {
        float[] scales = table.Vector<float>(F.Quantization.Scale, "the scales") ?? [];
        long[] zeroPoints = table.Vector<long>(F.Quantization.ZeroPoint, "the zero points") ?? [];
        int axis = table.Scalar<int>(F.Quantization.QuantizedDimension);
        (byte type, FlatTable? details) = table.Union(F.Quantization.DetailsType, "the quantization's details");
        if (zeroPoints.Length > 1 && zeroPoints.Length != scales.Length)
            throw table.At(F.Quantization.ZeroPoint, $"a tensor has {scales.Length} scales and {zeroPoints.Length} zero points, expected as many");
        return new Quantization(scales, zeroPoints, axis)
        {
            Min = table.Vector<float>(F.Quantization.Min, "the minima") ?? [],
            Max = table.Vector<float>(F.Quantization.Max, "the maxima") ?? [],
            Details = details is { } d ? DetailsOf(type, d) : null,
        };
    }

    private static QuantizationDetails DetailsOf(byte type, FlatTable table)
    {
        (int scales, int zeroPoints, int blockSize) = (table.Scalar<int>(F.Quantization.Scales), table.Scalar<int>(F.Quantization.ZeroPoints), table.Scalar<int>(F.Quantization.BlockSize));
        return type switch
        {
            F.Quantization.Custom => new CustomQuantization(table.Bytes(0, "the custom quantization") ?? default),
            F.Quantization.Blockwise => new BlockwiseQuantization(scales, zeroPoints, blockSize),
            F.Quantization.MultiAxis => new MultiAxisQuantization(scales, zeroPoints, blockSize, table.Vector<int>(F.Quantization.QuantizedDimensions, "the quantized dimensions") ?? []),
            _ => throw table.At(0, $"the quantization's details are of type {type}, expected 0 to {F.Quantization.MultiAxis}"),
        };
    }

    private static Sparsity SparsityOf(FlatTable table) => new(
        table.Vector<int>(F.Sparsity.TraversalOrder, "the traversal order") ?? [],
        table.Vector<int>(F.Sparsity.BlockMap, "the block map"),
        [.. table.Tables(F.Sparsity.DimMetadata, "the stored dimensions").Select(DimensionOf)]);

    private static SparseDimension DimensionOf(FlatTable table)
    {
        (int[] segments, int segmentBytes) = IndexVector(table, F.Dimension.SegmentsType);
        (int[] indices, int indexBytes) = IndexVector(table, F.Dimension.IndicesType);
        return new SparseDimension(table.Scalar<sbyte>(F.Dimension.Format) != 0, table.Scalar<int>(F.Dimension.DenseSize), segments, indices, segmentBytes, indexBytes);
    }

    private static (int[] Values, int Bytes) IndexVector(FlatTable table, int field)
    {
        (byte type, FlatTable? vector) = table.Union(field, "a sparse index vector");
        return (type, vector) switch
        {
            (0, _) => ([], 0),
            (F.Dimension.Int32, { } ints) => (ints.Vector<int>(0, "indices") ?? [], 4),
            (F.Dimension.UInt16, { } shorts) => ([.. (shorts.Vector<ushort>(0, "indices") ?? []).Select(v => (int)v)], 2),
            (F.Dimension.UInt8, { } bytes) => ([.. (bytes.Vector<byte>(0, "indices") ?? []).Select(v => (int)v)], 1),
            _ => throw table.At(field, $"an index vector is of type {type}, expected 0 to {F.Dimension.UInt8}"),
        };
    }
}
