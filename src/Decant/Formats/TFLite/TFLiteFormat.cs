using Decant.Wire.FlatBuffers;

namespace Decant.Formats.TFLite;

/// <summary>A TensorFlow Lite (LiteRT) model: one FlatBuffer, with constants that may lie behind it.</summary>
internal sealed class TFLiteFormat : ModelFormat
{
    private const int HeadLength = 8;

    public override string Name => "tflite";

    public override string Title => "a TensorFlow Lite model";

    public override string Recognition => "a file with the FlatBuffer identifier TFL3";

    public override bool CanSave => true;

    public override bool Recognizes(ModelSource source) =>
        source.IsFile && source.Bytes.Length >= HeadLength && FlatBuffer.HasIdentifier(source.Bytes.Slice(0, HeadLength).Span, TFLiteFields.Identifier);

    public override Model Load(ModelSource source, LoadOptions options) => new TFLiteReader(source.Bytes).Read();

    public override void Save(Model model, string path) => AtomicFile.Write(path, stream => new TFLiteWriter(model, path).Write(stream), model.ConstantBytes);
}
