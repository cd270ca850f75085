using Decant.Wire.Protobuf;
using F = Decant.IR.Protos.TensorShapeProtoFields;

namespace Decant.IR.Protos;

/// <summary>TensorShapeProto.</summary>
internal static class ShapeProto
{
    /// <summary>TensorFlow allows 254 dimensions.</summary>
    public const int MaxRank = 254;

    public static ShapeAttr Read(ProtoReader reader)
    {
        Span<long> dims = stackalloc long[MaxRank];
        int rank = 0;
        List<string>? names = null;
        bool unknownRank = false;
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.Dim:
                    if (rank == MaxRank)
                        throw reader.Fail($"a shape has more than {MaxRank} dimensions");
                    ProtoReader dim = reader.Message();
                    dims[rank] = 0;
                    while (dim.Next())
                    {
                        if (dim.Field == F.DimSize)
                        {
                            dims[rank] = dim.Int64();
                        }
                        else if (dim.Field == F.DimName && dim.String() is { Length: > 0 } name)
                        {
                            names ??= [];
                            while (names.Count < rank)
                                names.Add("");
                            names.Add(name);
                        }
                    }

                    if (dims[rank] < 0)
                        dims[rank] = Shape.UnknownDimension;
                    rank++;
                    break;
                case F.UnknownRank:
                    unknownRank = reader.Bool();
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        return new ShapeAttr(unknownRank ? Shape.Unknown : new Shape(dims[..rank])) { DimNames = names, Unknown = unknown.ToSlice() };
    }

    public static void Write(ProtoWriter writer, int field, Shape shape, IReadOnlyList<string>? names = null)
    {
        writer.Begin(field);
        for (int i = 0; i < shape.Rank; i++)
        {
            writer.Begin(F.Dim);
            writer.Int64Default(F.DimSize, shape[i]);
            if (i < names?.Count)
                writer.StringDefault(F.DimName, names[i]);
            writer.End();
        }

        if (!shape.HasRank)
            writer.Bool(F.UnknownRank, true);
        writer.End();
    }
}
