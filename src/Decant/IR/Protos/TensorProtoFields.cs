namespace Decant.IR.Protos;

/// <summary>The field numbers of TensorProto.</summary>
internal static class TensorProtoFields
{
    public const int DType = 1, Shape = 2, Version = 3, Content = 4, FloatVal = 5, DoubleVal = 6, IntVal = 7, StringVal = 8,
        ComplexVal = 9, Int64Val = 10, BoolVal = 11, DComplexVal = 12, HalfVal = 13, ResourceVal = 14, VariantVal = 15,
        UInt32Val = 16, UInt64Val = 17, Float8Val = 18;
}
