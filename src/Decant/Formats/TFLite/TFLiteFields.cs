namespace Decant.Formats.TFLite;

/// <summary>The field numbers of the schema's tables; options tables are in the operator catalogue.</summary>
internal static class TFLiteFields
{
    /// <summary>The four characters behind the first offset of every model.</summary>
    public const string Identifier = "TFL3";

    /// <summary>The alignment of constants, in buffers and behind the FlatBuffer.</summary>
    public const int Alignment = 16;

    public static class Model
    {
        public const int Version = 0, OperatorCodes = 1, Subgraphs = 2, Description = 3, Buffers = 4, MetadataBuffer = 5, Metadata = 6, SignatureDefs = 7, ExternalBufferGroups = 8, ExternalBuffers = 9;
    }

    public static class OperatorCode
    {
        public const int DeprecatedBuiltinCode = 0, CustomCode = 1, Version = 2, BuiltinCode = 3;
    }

    public static class Subgraph
    {
        public const int Tensors = 0, Inputs = 1, Outputs = 2, Operators = 3, Name = 4, DebugMetadataIndex = 5;
    }

    public static class Tensor
    {
        public const int Shape = 0, Type = 1, Buffer = 2, Name = 3, Quantization = 4, IsVariable = 5, Sparsity = 6, ShapeSignature = 7, HasRank = 8, VariantTensors = 9, ExternalBuffer = 10;
    }

    public static class VariantSubType
    {
        public const int Shape = 0, Type = 1, HasRank = 2;
    }

    public static class Quantization
    {
        public const int Min = 0, Max = 1, Scale = 2, ZeroPoint = 3, DetailsType = 4, Details = 5, QuantizedDimension = 6;
        public const byte Custom = 1, Blockwise = 2, MultiAxis = 3;
        public const int Scales = 0, ZeroPoints = 1, BlockSize = 2, QuantizedDimensions = 3;
    }

    public static class Sparsity
    {
        public const int TraversalOrder = 0, BlockMap = 1, DimMetadata = 2;
    }

    public static class Dimension
    {
        public const int Format = 0, DenseSize = 1, SegmentsType = 2, Segments = 3, IndicesType = 4, Indices = 5;
        public const byte Int32 = 1, UInt16 = 2, UInt8 = 3;
    }

    public static class Operator
    {
        public const int OpcodeIndex = 0, Inputs = 1, Outputs = 2, BuiltinOptionsType = 3, CustomOptions = 5, CustomOptionsFormat = 6, MutatingVariableInputs = 7, Intermediates = 8, LargeCustomOptionsOffset = 9, LargeCustomOptionsSize = 10, BuiltinOptions2Type = 11, DebugMetadataIndex = 13;
    }

    public static class Buffer
    {
        public const int Data = 0, Offset = 1, Size = 2;
    }

    public static class Metadata
    {
        public const int Name = 0, Buffer = 1;
    }

    public static class SignatureDef
    {
        public const int Inputs = 0, Outputs = 1, SignatureKey = 2, DeprecatedTag = 3, SubgraphIndex = 4;
        public const int TensorName = 0, TensorIndex = 1;
    }

    public static class ExternalBuffer
    {
        public const int Id = 0, Group = 1, Offset = 2, Length = 3, Packing = 4;
    }
}
