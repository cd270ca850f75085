using System.Buffers.Binary;
using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>Strings in a buffer: their number, where each begins and the last ends, counted from the buffer's start, then the bytes.</summary>
internal static class StringTensor
{
    public static Tensor Read(BufferSlice encoded, Shape shape)
    {
        ReadOnlySpan<byte> bytes = encoded.Slice(0, Math.Min(encoded.Length, int.MaxValue)).Span;
        if (bytes.Length < 4)
            throw Bad(encoded, 0, $"a string tensor has {bytes.Length} bytes, expected at least 4");
        long count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count != shape.ElementCount || count > (bytes.Length - 8) / 4)
            throw Bad(encoded, 0, $"a string tensor of shape {shape} in {bytes.Length} bytes has {count} strings");
        var strings = new ReadOnlyMemory<byte>[count];
        byte[] copy = bytes.ToArray();
        for (int i = 0; i < strings.Length; i++)
        {
            int start = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 + (4 * i))..]), end = BinaryPrimitives.ReadInt32LittleEndian(bytes[(8 + (4 * i))..]);
            if (start < 0 || end < start || end > bytes.Length)
                throw Bad(encoded, 4 + (4 * i), $"string {i} is said to be at {start} to {end} of {bytes.Length} bytes");
            strings[i] = copy.AsMemory(start, end - start);
        }

        return new Tensor(shape, strings);
    }

    public static BufferSlice Write(Tensor tensor)
    {
        ReadOnlySpan<ReadOnlyMemory<byte>> strings = tensor.Strings;
        long length = 8L + (4L * strings.Length);
        foreach (ReadOnlyMemory<byte> text in strings)
            length += text.Length;
        if (length > int.MaxValue)
            throw CoreErrors.TensorTooLarge.At(null, $"a string tensor of {length} bytes is longer than the {int.MaxValue} that TensorFlow Lite allows");
        byte[] bytes = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, strings.Length);
        int at = 8 + (4 * strings.Length);
        for (int i = 0; i < strings.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + (4 * i)), at);
            strings[i].Span.CopyTo(bytes.AsSpan(at));
            at += strings[i].Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 + (4 * strings.Length)), at);
        return new BufferSlice(bytes);
    }

    private static ModelException Bad(BufferSlice encoded, int at, string message) => GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset + at), message);
}
