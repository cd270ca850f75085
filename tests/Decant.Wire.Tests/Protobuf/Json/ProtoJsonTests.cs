using System.Text;
using System.Text.Json;
using Decant.TestKit;
using Decant.Wire.Protobuf.Json;
using Decant.Wire.Protobuf.Text;

namespace Decant.Wire.Tests.Protobuf.Json;

public sealed class ProtoJsonTests
{
    private static readonly ProtoSchema Schema = new(
        """
        Inner: name=1 string; next=2 Inner
        enum Kind: NONE=0; SOME_KIND=3
        All: whole_list=1 int32*; long_one=2 int64 |one; a_float=3 float |one; doubles=4 double*; flag=5 bool |one; bytes=6 bytes |one; kind=7 Kind; inner_list=8 Inner*; by_name=9 map<string,Inner>; by_number=10 map<uint32,bool>; s=11 sint64*; u=12 uint64; text=13 string
        """);

    [Theory]
    [InlineData("""{"wholeList":[1,-2],"longOne":"-9007199254740993"}""")]
    [InlineData("""{"aFloat":0.1,"doubles":[0.1,"NaN","Infinity","-Infinity",1E+300]}""")]
    [InlineData("""{"flag":false,"kind":"SOME_KIND","u":"18446744073709551615"}""")]
    [InlineData("""{"bytes":"AAH/","kind":17,"s":["-3","4"]}""")]
    [InlineData("""{"innerList":[{"name":"a"},{"next":{"name":"b"}}],"byName":{"z":{},"a":{"name":"ä\n"}},"byNumber":{"7":true,"8":false}}""")]
    public void What_is_written_is_what_was_read(string json) => Assert.Equal(json, Print(Read(json)));

    [Theory]
    [InlineData("""{"whole_list":["1",2.0],"longOne":5}""", """{"wholeList":[1,2],"longOne":"5"}""")]
    [InlineData("""{"bytes":[0,1,255]}""", """{"bytes":"AAH/"}""")]
    [InlineData("""{"bytes":"AAH_"}""", """{"bytes":"AAH/"}""")]
    [InlineData("""{"kind":3,"text":null,"aFloat":"0.5"}""", """{"aFloat":0.5,"kind":"SOME_KIND"}""")]
    public void Other_spellings_of_values_are_read(string json, string printed) => Assert.Equal(printed, Print(Read(json)));

    [Fact]
    public void Fields_that_the_schema_does_not_have_are_named()
    {
        List<string> unknown = [];
        byte[] read = ProtoJsonReader.Read(Schema["All"], Slice("""{"innerList":[{"id":{"a":[1,2]},"name":"x"}],"newField":[[]]}"""), unknown);
        Assert.Equal(["Inner.id", "All.newField"], unknown);
        Assert.Equal("""{"innerList":[{"name":"x"}]}""", Print(read));
    }

    [Theory]
    [InlineData("""{"wholeList":[2147483648]}""", 14, "from -2147483648 to 2147483647")]
    [InlineData("""{"wholeList":[1.5]}""", 14, "expected an integer")]
    [InlineData("""{"wholeList":1}""", 13, "expected a list")]
    [InlineData("""{"kind":"OTHER"}""", 8, "a value of Kind")]
    [InlineData("""{"bytes":"A"}""", 9, "not base64")]
    [InlineData("""{"flag":1}""", 8, "true or false")]
    [InlineData("""{"aFloat":"x"}""", 10, "expected a number")]
    [InlineData("""{"text":"\ud800"}""", 8, "surrogate")]
    [InlineData("""{"flag":true,"bytes":""}""", 21, "room for one")]
    [InlineData("""{"innerList":[[]]}""", 14, "an object")]
    [InlineData("""{"text":"a"} {}""", 0, "not JSON")]
    [InlineData("""{"text":"a""", 0, "not JSON")]
    [InlineData("", 0, "not JSON")]
    [InlineData("[]", 0, "an object of All")]
    public void A_fault_has_the_offset(string json, int offset, string said)
    {
        ModelException e = Assert.Throws<ModelException>(() => Read(json));
        Assert.Equal(WireErrors.BadJson, e.Diagnostics[0].Code);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        if (offset > 0)
            Assert.Equal(offset, e.Diagnostics[0].Location!.Offset);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"next\":", 10_000));
        Assert.Throws<ModelException>(() => Read($"{{\"innerList\":[{deep}"));
    }

    [Fact]
    public void Damaged_text_is_read_or_refused() =>
        Assert.NotEqual(0, Damage.Try(Encoding.UTF8.GetBytes("""{"innerList":[{"name":"a"},{"next":{"name":"b"}}],"byName":{"z":{},"a":{"name":"ä\n"}},"byNumber":{"7":true},"bytes":"AAH/","doubles":[1.5e3]}"""), bytes => Print(ProtoJsonReader.Read(Schema["All"], new BufferSlice(bytes)))));

    private static byte[] Read(string json) => ProtoJsonReader.Read(Schema["All"], Slice(json));

    private static BufferSlice Slice(string json) => new(Encoding.UTF8.GetBytes(json), "x.json");

    private static string Print(byte[] message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            ProtoJsonWriter.Write(Schema["All"], new BufferSlice(message), writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
