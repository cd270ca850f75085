using Decant.Wire.FlatBuffers;

namespace Decant.Wire.Tests.FlatBuffers;

public sealed class FlexWriterTests
{
    [Fact]
    public void A_map_has_the_bytes_of_the_format() =>
        Assert.Equal([(byte)'a', 0, 1, 3, 1, 1, 1, 42, 4, 2, 36, 1], FlexWriter.Write(new Dictionary<string, object> { ["a"] = 42L }));

    [Fact]
    public void Two_strings_have_the_bytes_that_TensorFlow_Lites_converter_writes() =>
        Assert.Equal([3, (byte)'S', (byte)'u', (byte)'b', 0, 2, 0xFF, 0, 0, 2, 9, 5, 20, 20, 4, 40, 1], FlexWriter.Write(new object[] { "Sub", new byte[] { 0xFF, 0 } }));

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    [InlineData(70_000)]
    public void What_is_written_is_read_again_whatever_its_width(int length)
    {
        var map = new Dictionary<string, object>
        {
            ["text"] = new string('x', length),
            ["number"] = -123_456_789_012L,
            ["small"] = -1L,
            ["real"] = 1.5f,
            ["truth"] = true,
            ["numbers"] = new long[] { 1, -70_000, 3 },
            ["reals"] = new[] { 0.25f, -2f },
            ["truths"] = new[] { true, false },
            ["texts"] = new[] { "a", "" },
            ["mixed"] = new object[] { 1L, "b", 2.5f, new long[] { long.MinValue } },
            ["none"] = Array.Empty<long>(),
        };
        var read = (Dictionary<string, object?>)FlexBuffer.Read(FlexWriter.Write(map))!;
        Assert.Equal(map.Keys.Order(StringComparer.Ordinal), read.Keys);
        Assert.Equal(map["text"], read["text"]);
        Assert.Equal((-123_456_789_012L, -1L, 1.5, true), (read["number"], read["small"], read["real"], read["truth"]));
        Assert.Equal([1L, -70_000L, 3L], (List<object?>)read["numbers"]!);
        Assert.Equal([0.25, -2.0], (List<object?>)read["reals"]!);
        Assert.Equal([true, false], (List<object?>)read["truths"]!);
        Assert.Equal(["a", ""], (List<object?>)read["texts"]!);
        Assert.Equal([1L, "b", 2.5, new List<object?> { long.MinValue }], (List<object?>)read["mixed"]!);
        Assert.Empty((List<object?>)read["none"]!);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(70_000)]
    public void Strings_that_are_no_text_are_read_as_bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        Assert.Equal([[(byte)'o'], bytes], FlexBuffer.Strings(FlexWriter.Write(new object[] { "o", bytes })));
        Assert.Null(FlexBuffer.Strings(FlexWriter.Write(new object[] { "o", 1L })));
        Assert.Null(FlexBuffer.Strings(FlexWriter.Write(1L)));
    }
}
