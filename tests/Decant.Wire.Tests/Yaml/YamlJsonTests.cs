using System.Text;
using System.Text.Json.Nodes;
using Decant.Wire.Yaml;

namespace Decant.Wire.Tests.Yaml;

/// <summary>YAML as PyYAML writes it; the expected values are those that PyYAML reads.</summary>
public sealed class YamlJsonTests
{
    /// <summary>YAML, and the same as JSON.</summary>
    public static TheoryData<string, string> Texts => new()
    {
        { "a: 1\nb: 1.5\nc: text\nd: null\ne: true\nf:\n", """{"a": 1, "b": 1.5, "c": "text", "d": null, "e": true, "f": null}""" },
        { "config:\n- class_name: Dense\n  config: {name: d, units: 2}\n- class_name: Flatten\n  config:\n    name: f\nversion: '2.3'\n", """{"config": [{"class_name": "Dense", "config": {"name": "d", "units": 2}}, {"class_name": "Flatten", "config": {"name": "f"}}], "version": "2.3"}""" },
        { "shape: !!python/tuple [null, 784]\nlist: !!python/tuple\n- null\n- 3\n", """{"shape": [null, 784], "list": [null, 3]}""" },
        { "a: &id001 !!python/tuple [1, 2]\nb: *id001\nc: &id002\n  x: *id001\nd: [*id002, *id001]\n", """{"a": [1, 2], "b": [1, 2], "c": {"x": [1, 2]}, "d": [{"x": [1, 2]}, [1, 2]]}""" },
        { "- - 1\n  - 2\n- []\n- {}\n-\n  - a\n", """[[1, 2], [], {}, ["a"]]""" },
        { "inbound_nodes:\n- - - x\n    - 0\n    - 0\n    - {}\n", """{"inbound_nodes": [[["x", 0, 0, {}]]]}""" },
        { "a: 1.0e-07\nb: -2\nc: +3\nd: .5\ne: 1.\nf: .inf\ng: -.inf\nh: 1e-5\n", """{"a": 1.0e-07, "b": -2, "c": 3, "d": 0.5, "e": 1.0, "f": "Infinity", "g": "-Infinity", "h": "1e-5"}""" },
        { "a: '1'\nb: \"x\\ty\\u00e9\\x41\"\nc: 'it''s'\nd: yes\ne: 'no'\n", """{"a": "1", "b": "x\tyéA", "c": "it's", "d": true, "e": "no"}""" },
        { "a: some text\n  that goes on\n  below\nb: \"one \\\n  \\ two\"\nc: 'three\n\n  four'\n", """{"a": "some text that goes on below", "b": "one  two", "c": "three\nfour"}""" },
        { "a: {x: [1,\n    2], 'y': \"z\",\n  w: several words here}\n", """{"a": {"x": [1, 2], "y": "z", "w": "several words here"}}""" },
        { "code: |\n  first\n    second\n\n  third\nnext: >-\n  one\n  two\n", """{"code": "first\n  second\n\nthird\n", "next": "one two"}""" },
        { "# what\n---\na: 1 # one\n# more\nb: x#y\n...\n", """{"a": 1, "b": "x#y"}""" },
        { "a:\r\n- 1\r\nb: x y\r\n", """{"a": [1], "b": "x y"}""" },
        { "url: http://a.b/c:d\n\"quoted key\": 1\n", """{"url": "http://a.b/c:d", "quoted key": 1}""" },
        { "u: !!python/unicode 'text'\nn: !!python/long '7'\n", """{"u": "text", "n": 7}""" },
        { "just text", "\"just text\"" },
        { "", "null" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_is_read(string yaml, string json) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(Read(yaml))), Read(yaml));

    /// <summary>What is wrong, and what is said of it.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "a: !!python/object/apply:numpy.dtype [f4]\n", "an object of Python, !!python/object/apply:numpy.dtype, which is never made (line 1)" },
        { "a: *nothing\n", "the alias 'nothing' names nothing" },
        { "a: &x [*x]\n", "the alias 'x' names nothing" },
        { "a: [1, 2\n", "a list or table does not end" },
        { "a: 'text\n", "a text in quotes does not end" },
        { "a: 1\na: 2\n", "the key 'a' is there twice" },
        { "a: {b: 1, b: 2}\n", "the key 'b' is there twice" },
        { "a: 1\n  b: 2\n", "a colon stands where a value is expected (line 2)" },
        { "a: b: c\n", "a colon stands where a value is expected" },
        { "a: [1] 2\n", "stands behind a value" },
        { "a: \"\\q\"\n", "the escape \\q in quotes is not known" },
        { "a: \"\\ud\"\n", "an escape in quotes is no character" },
        { "a: !odd 1\n", "the tag !odd does not fit" },
        { "- 1\nb: 2\n", "the text goes on behind its value" },
        { "{a: 1, b: [x, y: z]}", "a comma or ] is expected" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_line(string yaml, string message)
    {
        ModelException e = Assert.Throws<ModelException>(() => Read(yaml));
        Assert.Equal((WireErrors.BadYaml, "model.yaml"), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.File));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_aliases_and_deep_nesting_end_with_an_error()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        foreach (string yaml in (string[])[bomb.ToString(), new string('[', 100_000), string.Concat(Enumerable.Repeat("- ", 100_000)), $"a: {new string('[', 300)}"])
            Assert.Equal(WireErrors.BadYaml, Assert.Throws<ModelException>(() => Read(yaml)).Diagnostics[0].Code);
    }

    [Fact]
    public void Damage_is_told_or_read()
    {
        var random = new Random(7);
        const string Marks = " \n-:[]{}'\"&*!#|>\\,x1";
        const string Text = "config:\n- class_name: Dense\n  config: &c {name: 'd', units: [1, 2]}\n- *c\nb: \"x\\ty\"\nt: !!python/tuple [null]\ns: |\n  x\n";
        for (int i = 0; i < 5000; i++)
        {
            char[] damaged = Text.ToCharArray();
            for (int n = random.Next(1, 4); n > 0; n--)
                damaged[random.Next(damaged.Length)] = Marks[random.Next(Marks.Length)];
            try
            {
                JsonNode.Parse(Read(new string(damaged)));
            }
            catch (ModelException e)
            {
                Assert.Equal(WireErrors.BadYaml, e.Diagnostics[0].Code);
            }
        }
    }

    private static string Read(string yaml) => Encoding.UTF8.GetString(YamlJson.Of(new BufferSlice(Encoding.UTF8.GetBytes(yaml), "model.yaml")).Span);
}
