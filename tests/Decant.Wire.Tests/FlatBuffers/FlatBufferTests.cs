using Decant.Wire.FlatBuffers;

namespace Decant.Wire.Tests.FlatBuffers;

public sealed class FlatBufferTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        FlatTable root = new FlatBuffer(new BufferSlice(Sample())).Root();
        Assert.Equal(7, root.Scalar<int>(0));
        Assert.Equal(5, root.Scalar<int>(1, 5));
        Assert.False(root.Has(1));
        Assert.True(root.Bool(2));
        Assert.Equal(1UL << 40, root.Scalar<ulong>(3));
        Assert.Equal("häß", root.String(4, "a string"));
        Assert.Equal([1, -2, 3], root.Vector<int>(5, "numbers")!);
        Assert.Equal([1L << 33], root.Vector<long>(6, "long numbers")!);
        Assert.Equal([10, 20], root.Tables(7, "tables").Select(t => t.Scalar<int>(0)));
        (byte type, FlatTable? table) = root.Union(8, "a union");
        Assert.Equal((3, 2.5f), (type, table!.Value.Scalar<float>(1)));
        Assert.Equal([9, 8, 7], root.Bytes(10, "bytes")!.Value.ToArray());
        Assert.Null(root.Bytes(30, "nothing"));
        Assert.True(FlatBuffer.HasIdentifier(Sample(), "TEST"));
    }

    [Fact]
    public void The_same_tables_give_the_same_bytes_and_vectors_are_aligned()
    {
        byte[] bytes = Sample();
        Assert.Equal(bytes, Sample());
        Assert.Equal(0, new FlatBuffer(new BufferSlice(bytes)).Root().Bytes(10, "bytes")!.Value.Offset % 16);
    }

    [Fact]
    public void Every_cut_and_every_changed_byte_is_read_or_is_a_located_error()
    {
        byte[] sample = Sample();
        int refused = 0;
        for (int length = 0; length < sample.Length; length++)
            refused += Read(sample[..length]) ? 0 : 1;
        for (int at = 0; at < sample.Length; at++)
        {
            foreach (byte changed in (byte[])[0, 1, 0x7F, 0xFF])
            {
                byte[] damaged = [.. sample];
                damaged[at] = changed;
                refused += Read(damaged) ? 0 : 1;
            }
        }

        Assert.True(refused > sample.Length / 2, $"{refused} refused");
    }

    [Fact]
    public void Vectors_that_overlap_cannot_make_a_small_file_large()
    {
        // What many tables that refer to the same long vector would do.
        var shared = new FlatObject().Set(0, new int[40_000]);
        byte[] bytes = FlatWriter.ToBytes(new FlatObject().Set(0, [shared]), null);
        FlatTable table = new FlatBuffer(new BufferSlice(bytes)).Root().Tables(0, "tables")[0];
        ModelException e = Assert.Throws<ModelException>(() =>
        {
            for (int i = 0; i < 1000; i++)
                table.Vector<int>(0, "numbers");
        });
        Assert.Equal(WireErrors.BadFlatBuffer, e.Diagnostics[0].Code);
        Assert.Contains("overlap", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_of_more_than_2_GB_is_refused()
    {
        using var buffer = new EndlessBuffer(3L << 30);
        ModelException e = Assert.Throws<ModelException>(() => FlatWriter.Write(new FlatObject().Set(0, FlatVector.Of(new BufferSlice(buffer, 0, buffer.Length))), null, Stream.Null));
        Assert.Equal(WireErrors.FlatBufferTooLarge, e.Diagnostics[0].Code);
    }

    private static byte[] Sample() => FlatWriter.ToBytes(
        new FlatObject().Set(0, 7).Set(1, 5, 5).Set(2, true).Set(3, 1UL << 40).Set(4, "häß").Set(5, new[] { 1, -2, 3 }).Set(6, new[] { 1L << 33 })
            .Set(7, [new FlatObject().Set(0, 10), new FlatObject().Set(0, 20)]).Set<byte>(8, 3).Set(9, new FlatObject().Set(1, 2.5f))
            .Set(10, FlatVector.Of(new BufferSlice([9, 8, 7]), 16)),
        "TEST");

    private static bool Read(byte[] bytes)
    {
        try
        {
            FlatTable root = new FlatBuffer(new BufferSlice(bytes)).Root();
            root.String(4, "a string");
            root.Vector<int>(5, "numbers");
            root.Vector<long>(6, "long numbers");
            foreach (FlatTable table in root.Tables(7, "tables"))
                table.Scalar<int>(0);
            root.Union(8, "a union");
            root.Bytes(10, "bytes");
            return true;
        }
        catch (ModelException e)
        {
            Assert.NotNull(e.Diagnostics[0].Location?.Offset);
            return false;
        }
    }

    /// <summary>Claims to be long; its bytes are never asked for.</summary>
    private sealed class EndlessBuffer : BufferOwner
    {
        public EndlessBuffer(long length) => Length = length;

        public override string? Name => null;
    }
}
