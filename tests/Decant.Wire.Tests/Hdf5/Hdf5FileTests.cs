using System.Text;
using Decant.TestKit;
using Decant.Wire.Hdf5;

namespace Decant.Wire.Tests.Hdf5;

/// <summary>Files that <c>scripts/hdf5_make.py</c> of the interop tests wrote with h5py are read without it.</summary>
public sealed class Hdf5FileTests
{
    public static IEnumerable<object[]> Kinds => [["plain"], ["ordered"], ["latest"]];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Groups_attributes_and_arrays_are_read(string kind)
    {
        var file = Hdf5File.Open(new BufferSlice(Bytes(kind)));
        var attributes = (Hdf5Group)file.Root["attributes"]!;
        Assert.Equal("a text", attributes.Text("text"));
        Assert.Equal("more text", attributes.Text("bytes"));
        Assert.Equal(["kernel:0", "bias:0"], attributes.Texts("names")!);
        Assert.Empty(attributes.Texts("none")!);
        Assert.Null(attributes.Texts("missing"));
        Assert.Equal(3, attributes.Attributes["number"].Span<long>()[0]);
        Assert.Equal(new Shape(2, 3, 4), attributes.Attributes["numbers"].Shape);
        Assert.Equal(3.25, Read(file, "scalar").Span<double>()[0]);
        Assert.Equal(["a", "bcd", ""], Texts(Read(file, "link")));
        Assert.Equal(["x", "grüß", ""], Texts(Read(file, "texts/heap")));
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], Read(file, "nothing").Span<float>().ToArray());
        Assert.Null(file.Root["types/none"]);
        Assert.Null(file.Root["scalar/none"]);
        Assert.Contains("attributes", file.Root.Names);
    }

    [Fact]
    public void Chunks_are_put_together_whatever_they_went_through()
    {
        var file = Hdf5File.Open(new BufferSlice(Bytes("plain")));
        foreach (string name in (string[])["plain", "gzip", "all"])
            Assert.Equal(Enumerable.Range(0, 35), Read(file, $"chunks/{name}").Span<int>().ToArray());
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (short)i), Read(file, "chunks/line").Span<short>().ToArray());
        float[] sparse = Read(file, "chunks/sparse").Span<float>().ToArray();
        Assert.Equal(2, sparse[21]);
        Assert.Equal(35, sparse.Count(v => v == 1.5f));
        var latest = Hdf5File.Open(new BufferSlice(Bytes("latest")));
        Assert.Equal(Read(latest, "chunks/one").Data.ToArray(), Read(latest, "chunks/packed").Data.ToArray());
    }

    [Fact]
    public void Values_that_lie_together_are_not_copied()
    {
        byte[] bytes = Bytes("plain");
        Tensor value = Read(Hdf5File.Open(new BufferSlice(bytes)), "types/littlef8");
        byte[] copy = value.Data.ToArray();
        bytes[value.Data.Offset] ^= 1;
        Assert.NotEqual(copy, value.Data.ToArray());
        Assert.Equal([-2f, -1, 0, 1, 2, 3], Read(Hdf5File.Open(new BufferSlice(Bytes("plain"))), "types/bigf4").Span<float>().ToArray());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("latest")]
    public void Damage_never_escapes(string kind) =>
        Assert.True(Damage.Try(Bytes(kind), ReadAll, flips: 3000) > 1000);

    [Theory]
    [InlineData("FLETCHER", "hdf5-malformed", "checksum")]
    [InlineData("CYCLE", "hdf5-malformed", "continues")]
    [InlineData("FILTER", "hdf5-unsupported", "filter 32000")]
    [InlineData("BOMB", "hdf5-too-large", "unpacked")]
    [InlineData("CUT", "truncated", "the file says that it has")]
    [InlineData("NONE", "hdf5-malformed", "begins with")]
    public void A_fault_is_told_with_its_place(string fault, string code, string message)
    {
        byte[] bytes = Bytes("plain");
        switch (fault)
        {
            case "FLETCHER":
                // The second chunk of chunks/sum: three rows of three bytes.
                bytes[Find(bytes, [3, 4, 5, 10, 11, 12], 0)] ^= 1;
                break;
            case "CYCLE":
                // A continuation message of a header's first block that leads to that block again.
                bytes = Cycle();
                break;
            case "FILTER":
                int filter = Find(bytes, [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 8, 0], 0) + 8;
                // The message of one filter, gzip.
                (bytes[filter], bytes[filter + 1]) = (0, 0x7D);
                break;
            case "BOMB":
                bytes = Bomb();
                break;
            case "CUT":
                bytes = bytes[..^1];
                break;
            default:
                bytes = bytes[8..];
                break;
        }

        ModelException e = Assert.Throws<ModelException>(() => ReadAll(bytes));
        Assert.Equal(code, e.Diagnostics[0].Code.Id);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.Diagnostics[0].Location);
    }

    internal static void ReadAll(byte[] bytes)
    {
        var file = Hdf5File.Open(new BufferSlice(bytes));
        _ = file.Root.Attributes.Count;
        foreach (Hdf5Dataset dataset in file.Root.Datasets())
        {
            _ = dataset.Attributes.Count;
            if (dataset.DType != DType.Invalid)
                dataset.Read();
        }
    }

    private static byte[] Cycle()
    {
        var root = new Hdf5GroupContent();
        root.SetText("a", "b");
        byte[] bytes = Written(root);
        int header = (int)BitConverter.ToUInt64(bytes, 64);
        // The symbol table message becomes a continuation of the first block by itself.
        bytes[header + 16] = 0x10;
        BitConverter.TryWriteBytes(bytes.AsSpan(header + 24), (ulong)header + 16);
        BitConverter.TryWriteBytes(bytes.AsSpan(header + 32), 24UL);
        return bytes;
    }

    private static byte[] Bomb()
    {
        var root = new Hdf5GroupContent();
        root.Add("a", Tensor.Wrap(Array.Empty<float>(), new Shape(0)));
        byte[] bytes = Written(root);
        // The dimension and the greatest dimension of the only dataspace.
        int space = Find(bytes, [1, 1, 1, 0, 0, 0, 0, 0], 0);
        BitConverter.TryWriteBytes(bytes.AsSpan(space + 8), 1L << 27);
        BitConverter.TryWriteBytes(bytes.AsSpan(space + 16), 1L << 27);
        return bytes;
    }

    internal static byte[] Written(Hdf5GroupContent root)
    {
        var stream = new MemoryStream();
        Hdf5Writer.Write(root, stream);
        return stream.ToArray();
    }

    private static int Find(byte[] bytes, byte[] pattern, int from) =>
        bytes.AsSpan(from).IndexOf(pattern) is >= 0 and var at ? from + at : throw new InvalidOperationException($"{Convert.ToHexString(pattern)} is not in the file");

    private static Tensor Read(Hdf5File file, string path) => ((Hdf5Dataset)file.Root[path]!).Read();

    private static string[] Texts(Tensor value) => [.. value.Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span))];

    private static byte[] Bytes(string kind) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Hdf5", "Files", kind + ".h5"));
}
