namespace Decant.IR.Protos;

/// <summary>The field numbers of TensorShapeProto.</summary>
internal static class TensorShapeProtoFields
{
    public const int Dim = 2, UnknownRank = 3, DimSize = 1, DimName = 2;
}
