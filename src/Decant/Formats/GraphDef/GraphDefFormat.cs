using Decant.Formats.Recognition;
using Decant.Wire.Protobuf;

namespace Decant.Formats.GraphDef;

/// <summary>A GraphDef in a file of its own, binary or text; which one is seen by content, whatever the name.</summary>
/// <param name="toBinary">Encodes what may be the text form; null where text is not read.</param>
internal sealed class GraphDefFormat(Func<BufferSlice, BufferSlice>? toBinary) : ModelFormat
{
    public override string Name => "graphdef";

    public override string Title => "a GraphDef";

    public override string Recognition => "a file whose fields, binary or text, are those of a GraphDef";

    public override bool CanSave => true;

    public override bool Recognizes(ModelSource source) => source.Kind == TensorFlowFileKind.GraphDef || (source.Kind == TensorFlowFileKind.GraphDefText && toBinary is not null);

    public override Model Load(ModelSource source, LoadOptions options)
    {
        var model = new Model();
        GraphDefReader.Read(new ProtoReader(toBinary is null ? source.Bytes : toBinary(source.Bytes)), model);
        return model;
    }

    /// <summary>Writes text when the name ends in <c>.pbtxt</c>, <c>.pb.txt</c>, <c>.textproto</c> or <c>.txt</c>, else binary.</summary>
    public override void Save(Model model, string path)
    {
        if (TextForm.IsNamed(path))
            AtomicFile.Write(path, stream => WriteText(model, stream));
        else
            AtomicFile.Write(path, stream => WriteBinary(model, stream));
    }

    /// <summary>Prints a model's graph and functions as the text form of a GraphDef.</summary>
    public static void WriteText(Model model, Stream stream) =>
        TextForm.Write("GraphDef", TextForm.Encode(binary => WriteBinary(model, binary)), stream);

    /// <summary>Writes a model's graph and functions as a binary GraphDef.</summary>
    public static void WriteBinary(Model model, Stream stream)
    {
        var writer = new ProtoWriter(stream);
        GraphDefWriter.Write(writer, model);
        writer.Flush();
    }

    /// <summary>The size of the binary GraphDef; weights are not read for it.</summary>
    public static long BinaryBytes(Model model) => ProtoWriter.LengthOf(writer => GraphDefWriter.Write(writer, model));
}
