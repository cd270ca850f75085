using Decant.IR;

namespace Decant.Tests.IR;

public class AttributeMapTests
{
    [Fact]
    public void A_change_of_a_map_is_not_seen_in_one_that_shares_its_entries()
    {
        AttributeMap first = new AttributeMap { { "T", DType.Float32 }, { "flag", true } };
        AttributeMap second = first.Compact(first);
        AttributeMap third = first.Compact(second);
        Assert.True(second.IsSameAs(first) && third.IsSameAs(first));
        second["T"] = DType.Int32;
        first.Remove("flag");
        Assert.Equal("T:Float32", Text(first));
        Assert.Equal("T:Int32 flag:True", Text(second));
        Assert.Equal("T:Float32 flag:True", Text(third));
    }

    [Fact]
    public void Maps_of_different_values_are_not_the_same()
    {
        var map = new AttributeMap { { "T", DType.Float32 }, { "N", 2 } };
        Assert.False(map.IsSameAs(new AttributeMap { { "T", DType.Float32 } }));
        Assert.False(map.IsSameAs(new AttributeMap { { "T", DType.Float32 }, { "N", 3 } }));
        Assert.Equal("T:Float32 N:2", Text(map.Compact(new AttributeMap { { "T", DType.Int32 } })));
    }

    private static string Text(AttributeMap map) => string.Join(' ', map.Select(e => $"{e.Key}:{e.Value switch { TypeAttr t => t.Value, BoolAttr b => b.Value, IntAttr i => (object)i.Value, _ => "?" }}"));
}
