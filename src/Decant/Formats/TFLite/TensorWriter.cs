using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>Writes what is declared of a tensor.</summary>
internal static class TensorWriter
{
    public static FlatObject Write(TensorSpec spec, uint buffer) => new FlatObject()
        .Set(F.Tensor.Shape, Dims(spec, spec.Shape))
        .Set(F.Tensor.Type, (sbyte)TFLiteCatalogue.TensorType(spec.DType))
        .Set(F.Tensor.Buffer, buffer)
        .Set(F.Tensor.Name, spec.Name)
        .Set(F.Tensor.Quantization, spec.Quantization is { } q ? QuantizationOf(q) : null)
        .Set(F.Tensor.IsVariable, spec.IsVariable)
        .Set(F.Tensor.Sparsity, spec.Sparsity is { } s ? SparsityOf(s) : null)
        .Set(F.Tensor.ShapeSignature, spec.Signature.HasRank ? Dims(spec, spec.Signature) : null)
        .Set(F.Tensor.HasRank, spec.HasRank)
        .Set(F.Tensor.VariantTensors, spec.VariantTensors.Count == 0 ? null : [.. spec.VariantTensors.Select(v => new FlatObject()
            .Set(F.VariantSubType.Shape, Dims(spec, v.Shape)).Set(F.VariantSubType.Type, (sbyte)TFLiteCatalogue.TensorType(v.DType)).Set(F.VariantSubType.HasRank, v.HasRank))])
        .Set(F.Tensor.ExternalBuffer, spec.ExternalBuffer);

    private static int[] Dims(TensorSpec spec, Shape shape) => shape.Dims.IndexOfAnyExceptInRange(int.MinValue, int.MaxValue) < 0 ? [.. shape.Dims.ToArray().Select(d => (int)d)]
        : throw FormatErrors.FormatNotSupported.At(new Location(Node: spec.Name), $"the tensor '{spec.Name}' has the shape {shape}, and TensorFlow Lite has dimensions up to {int.MaxValue}", "give the shape that the model is used with: --input-shape NAME=DIMS");

    private static T[]? NullIfEmpty<T>(IReadOnlyList<T> list) => list.Count > 0 ? [.. list] : null;

    private static FlatObject QuantizationOf(Quantization quantization)
    {
        FlatObject table = new FlatObject()
            .Set(F.Quantization.Min, NullIfEmpty(quantization.Min)).Set(F.Quantization.Max, NullIfEmpty(quantization.Max))
            .Set(F.Quantization.Scale, NullIfEmpty(quantization.Scales)).Set(F.Quantization.ZeroPoint, NullIfEmpty(quantization.ZeroPoints))
            .Set(F.Quantization.QuantizedDimension, quantization.Axis);
        FlatObject Blocks(int scales, int zeroPoints, int blockSize) =>
            new FlatObject().Set(F.Quantization.Scales, scales).Set(F.Quantization.ZeroPoints, zeroPoints).Set(F.Quantization.BlockSize, blockSize);
        return quantization.Details switch
        {
            CustomQuantization custom => table.Set(F.Quantization.DetailsType, F.Quantization.Custom).Set(F.Quantization.Details, new FlatObject().Set(0, FlatVector.Of(custom.Custom, F.Alignment))),
            BlockwiseQuantization b => table.Set(F.Quantization.DetailsType, F.Quantization.Blockwise).Set(F.Quantization.Details, Blocks(b.Scales, b.ZeroPoints, b.BlockSize)),
            MultiAxisQuantization m => table.Set(F.Quantization.DetailsType, F.Quantization.MultiAxis).Set(F.Quantization.Details, Blocks(m.Scales, m.ZeroPoints, m.BlockSize).Set(F.Quantization.QuantizedDimensions, m.Axes.ToArray())),
            _ => table,
        };
    }

    private static FlatObject SparsityOf(Sparsity sparsity) => new FlatObject()
        .Set(F.Sparsity.TraversalOrder, sparsity.TraversalOrder.ToArray())
        .Set(F.Sparsity.BlockMap, sparsity.BlockMap?.ToArray())
        .Set(F.Sparsity.DimMetadata, [.. sparsity.Dimensions.Select(DimensionOf)]);

    private static FlatObject DimensionOf(SparseDimension dimension)
    {
        FlatObject table = new FlatObject().Set(F.Dimension.Format, (sbyte)(dimension.IsSparse ? 1 : 0)).Set(F.Dimension.DenseSize, dimension.Size);
        IndexVector(table, F.Dimension.SegmentsType, dimension.Segments, dimension.SegmentBytes);
        IndexVector(table, F.Dimension.IndicesType, dimension.Indices, dimension.IndexBytes);
        return table;
    }

    private static void IndexVector(FlatObject table, int field, int[] values, int bytes)
    {
        (byte type, FlatVector? vector) = bytes switch
        {
            4 => (F.Dimension.Int32, FlatVector.Of(values)),
            2 => (F.Dimension.UInt16, FlatVector.Of(Array.ConvertAll(values, v => (ushort)v), 4)),
            1 => (F.Dimension.UInt8, FlatVector.Of(Array.ConvertAll(values, v => (byte)v), 4)),
            _ => ((byte)0, null),
        };
        if (vector is not null)
            table.Set(field, type).Set(field + 1, new FlatObject().Set(0, vector));
    }
}
