using System.Buffers.Binary;

namespace Decant.Wire.FlatBuffers;

/// <summary>
/// Writes a FlatBuffer front to back: first everything gets its place, then the bytes are streamed. The same tables give the
/// same bytes. Layouts of tables that are equal are written once.
/// </summary>
public static class FlatWriter
{
    /// <summary>Offsets are signed in places, so no buffer is larger.</summary>
    public const long MaxLength = int.MaxValue;

    /// <summary>Writes a buffer and gives its length.</summary>
    /// <param name="root">The root table.</param>
    /// <param name="identifier">Four characters, or null.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="ModelException">It has more than <see cref="MaxLength"/> bytes.</exception>
    public static long Write(FlatObject root, string? identifier, Stream stream)
    {
        var layout = new FlatLayout(identifier is null ? 4 : 8);
        layout.Place(root);
        var output = new Output(stream);
        output.UInt32((uint)root.Position);
        if (identifier is not null)
            output.Write(System.Text.Encoding.ASCII.GetBytes(identifier));
        foreach (FlatPart part in layout.Parts)
        {
            output.PadTo(part.Position);
            switch (part.Node)
            {
                case null:
                    output.Write(part.VTable!);
                    break;
                case FlatObject table:
                    output.Table(table, part.Length);
                    break;
                case FlatTables tables:
                    output.UInt32((uint)tables.Tables.Count);
                    foreach (FlatObject element in tables.Tables)
                        output.UInt32((uint)(element.Position - output.At));
                    break;
                case FlatVector vector:
                    output.UInt32((uint)(vector.Bytes.Length / vector.ElementSize));
                    output.Copy(vector.Bytes);
                    if (vector.IsString)
                        output.Write([0]);
                    break;
            }
        }

        output.PadTo((output.At + 3) & ~3L);
        return output.At;
    }

    /// <summary>The bytes of a buffer.</summary>
    public static byte[] ToBytes(FlatObject root, string? identifier)
    {
        using var stream = new MemoryStream();
        Write(root, identifier, stream);
        return stream.ToArray();
    }

    private sealed class Output(Stream stream)
    {
        public long At { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            At += bytes.Length;
        }

        public void Copy(BufferSlice bytes)
        {
            bytes.CopyTo(stream);
            At += bytes.Length;
        }

        public void UInt32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            Write(bytes);
        }

        public void PadTo(long position)
        {
            Span<byte> zeros = stackalloc byte[16];
            zeros.Clear();
            while (At < position)
                Write(zeros[..(int)Math.Min(zeros.Length, position - At)]);
        }

        public void Table(FlatObject table, int length)
        {
            byte[] bytes = new byte[length];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, table.Position - table.VTable);
            foreach ((int id, FlatField field) in table.Fields)
            {
                int offset = table.Offsets[id];
                if (field.Target is { } target)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), (uint)(target.Position - table.Position - offset));
                else
                    field.Bytes.CopyTo(bytes, offset);
            }

            Write(bytes);
        }
    }
}
