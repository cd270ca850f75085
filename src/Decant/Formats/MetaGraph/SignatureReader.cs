using System.Globalization;
using Decant.Formats.GraphDef;
using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.MetaGraph.MetaGraphFields;

namespace Decant.Formats.MetaGraph;

/// <summary>
/// Reads SignatureDefs. A sparse tensor <c>x</c> becomes <c>x/indices</c>, <c>x/values</c> and <c>x/dense_shape</c>, a
/// composite one <c>x/0</c>, <c>x/1</c>, ...: what is fed are their parts.
/// </summary>
internal static class SignatureReader
{
    public static Signature ReadEntry(ProtoReader entry)
    {
        string key = "";
        BufferSlice encoded = default;
        List<SignatureTensor> inputs = [], outputs = [];
        string method = "";
        while (entry.Next())
        {
            if (entry.Field == F.MapEntry.Key)
            {
                key = entry.String();
            }
            else if (entry.Field == F.MapEntry.Value)
            {
                ProtoReader reader = entry.Message();
                encoded = reader.Data;
                (inputs, outputs) = ([], []);
                while (reader.Next())
                {
                    switch (reader.Field)
                    {
                        case F.Signature.Inputs:
                            ReadTensorEntry(reader.Message(), inputs);
                            break;
                        case F.Signature.Outputs:
                            ReadTensorEntry(reader.Message(), outputs);
                            break;
                        case F.Signature.Method:
                            method = reader.String();
                            break;
                    }
                }
            }
        }

        return new Signature(key, method, inputs, outputs) { Encoded = encoded };
    }

    /// <summary>The tensors of a TensorInfo: one, unless it is sparse or composite.</summary>
    public static List<SignatureTensor> ReadTensor(string name, ProtoReader reader)
    {
        List<SignatureTensor> parts = [];
        string tensor = "";
        var dtype = DType.Invalid;
        Shape shape = Shape.Unknown;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.TensorInfo.Name:
                    tensor = reader.String();
                    break;
                case F.TensorInfo.DType:
                    dtype = TensorProtoReader.DTypeOf(ref reader);
                    break;
                case F.TensorInfo.Shape:
                    shape = ShapeProto.Read(reader.Message()).Value;
                    break;
                case F.TensorInfo.CooSparse:
                    ReadSparse(name, reader.Message(), parts);
                    break;
                case F.TensorInfo.Composite:
                    ReadComposite(name, reader.Message(), parts);
                    break;
            }
        }

        // The type of a sparse tensor is that of its values.
        return parts.Count == 0 ? [new SignatureTensor(name, tensor, dtype, shape)]
            : [.. parts.Select(p => p.DType == DType.Invalid ? p with { DType = dtype } : p)];
    }

    private static void ReadTensorEntry(ProtoReader entry, List<SignatureTensor> into)
    {
        string name = "";
        List<SignatureTensor>? tensors = null;
        while (entry.Next())
        {
            if (entry.Field == F.MapEntry.Key)
                name = entry.String();
            else if (entry.Field == F.MapEntry.Value)
                tensors = ReadTensor(name, entry.Message());
        }

        into.AddRange(tensors ?? [new SignatureTensor(name, "", DType.Invalid, Shape.Unknown)]);
    }

    private static void ReadSparse(string name, ProtoReader reader, List<SignatureTensor> parts)
    {
        Shape matrix = Shape.OfRank(2), vector = Shape.OfRank(1);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.CooSparse.Indices:
                    parts.Add(new SignatureTensor($"{name}/indices", reader.String(), DType.Int64, matrix));
                    break;
                case F.CooSparse.Values:
                    parts.Add(new SignatureTensor($"{name}/values", reader.String(), DType.Invalid, vector));
                    break;
                case F.CooSparse.DenseShape:
                    parts.Add(new SignatureTensor($"{name}/dense_shape", reader.String(), DType.Int64, vector));
                    break;
            }
        }
    }

    private static void ReadComposite(string name, ProtoReader reader, List<SignatureTensor> parts)
    {
        int index = 0;
        while (reader.Next())
        {
            if (reader.Field == F.TensorInfo.CompositeComponent)
                parts.AddRange(ReadTensor(string.Create(CultureInfo.InvariantCulture, $"{name}/{index++}"), reader.Message()));
        }
    }
}
