using Decant.Wire.FlatBuffers;

namespace Decant.Wire.Tests.FlatBuffers;

public sealed class FlexBufferTests
{
    // {"a": 42}: the key, the vector of keys (length, offset back), then of the map the offset back to the keys, their width, the
    // length, the value and its type (an integer), and the root: 2 back, a map, of width 1.
    private static readonly byte[] Map = [(byte)'a', 0, 1, 3, 1, 1, 1, 42, 4, 2, 36, 1];

    [Fact]
    public void A_map_is_read() => Assert.Equal(42L, ((Dictionary<string, object?>)FlexBuffer.Read(Map)!)["a"]);

    [Theory]
    [InlineData(new byte[] { 42, 4, 1 }, 42L)]
    [InlineData(new byte[] { 0xFE, 4, 1 }, -2L)]
    [InlineData(new byte[] { 1, 104, 1 }, true)]
    [InlineData(new byte[] { 0, 0, 192, 63, 14, 4 }, 1.5)]
    [InlineData(new byte[] { 2, (byte)'h', (byte)'i', 0, 3, 20, 1 }, "hi")]
    public void Scalars_and_strings_are_read(byte[] bytes, object expected) => Assert.Equal(expected, FlexBuffer.Read(bytes));

    [Fact]
    public void A_vector_of_integers_is_read() => Assert.Equal([1L, 2L, 3L], (List<object?>)FlexBuffer.Read([3, 1, 2, 3, 3, 44, 1])!);

    [Fact]
    public void Damage_is_an_error()
    {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            if (bytes.Length > 2)
                bytes[^1] = (byte)(1 << random.Next(4));
            TryRead(bytes);
        }
    }

    private static bool TryRead(byte[] bytes)
    {
        try
        {
            FlexBuffer.Read(bytes);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }
}
