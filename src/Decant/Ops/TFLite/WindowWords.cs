using System.Buffers.Binary;
using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>
/// The options of MediaPipe's custom operators on windows: 32-bit integers in <c>custom_options</c>, as the runtime's structure has them in memory. First the
/// padding (1 SAME, 2 VALID), then the strides along width and height; for pools the sizes of windows, width first, and the activation.
/// </summary>
internal sealed class WindowWords
{
    private const int Largest = 1 << 20;

    private static readonly string[] Activations = ["NONE", "RELU", "RELU_N1_TO_1", "RELU6"];

    private readonly Node _node;

    public WindowWords(Node node, bool isPool)
    {
        _node = node;
        ReadOnlySpan<byte> bytes = node.Attributes[TFLiteParts.CustomOptions] is StringAttr options ? options.Bytes.Span : [];
        int count = isPool ? 6 : 3;
        if (bytes.Length < count * sizeof(int))
            throw Bad($"has {bytes.Length} bytes, expected at least {count * sizeof(int)}");
        Span<int> words = stackalloc int[count];
        for (int i = 0; i < count; i++)
            words[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * sizeof(int))..]);
        Padding = words[0] switch { 1 => "SAME", 2 => "VALID", int other => throw Bad($"has the padding {other}, expected 1 or 2") };
        Stride = (Size(words[2]), Size(words[1]));
        if (!isPool)
            return;
        Kernel = (Size(words[4]), Size(words[3]));
        Activation = words[5] >= 0 && words[5] < Activations.Length ? Activations[words[5]] : throw Bad($"has the activation {words[5]}, expected 0 to {Activations.Length - 1}");
    }

    public string Padding { get; }

    public (int H, int W) Stride { get; }

    public (int H, int W) Kernel { get; }

    public string Activation { get; } = "NONE";

    private int Size(int value) => value is >= 1 and <= Largest ? value : throw Bad($"has the size {value}, expected 1 to {Largest}");

    private ModelException Bad(string message) => GraphErrors.BadAttribute.At(_node.At(TFLiteParts.CustomOptions), message);
}
