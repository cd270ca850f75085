using System.Buffers.Binary;

namespace Decant.Wire.Images;

/// <summary>Reads the size of a JPEG without decoding it.</summary>
public static class JpegSize
{
    /// <summary>Height, width and the number of planes that the frame's header states.</summary>
    /// <exception cref="ModelException">The file is no JPEG or ends before its frame.</exception>
    public static (int Height, int Width, int Channels) Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
            throw ImageFault.At(0, "is no JPEG file");
        int at = 2;
        while (file.Length - at >= 4 && file[at] == 0xFF)
        {
            int marker = file[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }

            int size = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (size < 2 || size > file.Length - at - 2)
                throw ImageFault.At(at, $"has a segment of {size} bytes, but {file.Length - at - 2} are left");
            ReadOnlySpan<byte> segment = file.Slice(at + 4, size - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return segment.Length >= 6 ? (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), segment[5])
                    : throw ImageFault.At(at, "has a frame that is cut off");
            }

            at += size + 2;
        }

        throw ImageFault.At(at, "ends before its frame, or has no marker where one is expected");
    }
}
