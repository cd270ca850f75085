using System.IO.Compression;
using System.Text;
using Decant.Formats.Keras;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Tests.Formats.Keras;

/// <summary>Lookups whose vocabulary an archive holds as a file.</summary>
public sealed class VocabularyTests
{
    /// <summary>Class, options, the file's path and lines, inputs as JSON text, what comes out.</summary>
    public static TheoryData<string, string, string, string, string[], long[]> Cases => new()
    {
        { "StringLookup", """{"num_oov_indices": 1, "mask_token": null}""", "string_lookup/vocabulary.txt", "[UNK]\nb\na\n", ["a", "b", "c"], [2, 1, 0] },
        { "StringLookup", """{"num_oov_indices": 1, "mask_token": ""}""", "string_lookup/vocabulary.txt", "\n[UNK]\nb\r\na\n\n", ["a", "", "c"], [3, 0, 1] },
        { "IntegerLookup", """{"num_oov_indices": 2, "mask_token": null, "oov_token": -1}""", "integer_lookup/vocabulary.txt", "-1\n-1\n40\n12", ["12", "40", "7", "10"], [3, 2, 1, 0] },
        { "TextVectorization", """{"output_mode": "int", "standardize": "lower", "split": "whitespace"}""", "text_vectorization/vocabulary.txt", "\n[UNK]\nthe\ncat", ["The cat", "a the"], [2, 3, 1, 2] },
        { "TextVectorization", """{"output_mode": "int", "standardize": "lower", "split": "whitespace"}""", "text_vectorization/_lookup_layer/vocabulary.txt", "\n[UNK]\nthe\ncat", ["The cat", "a the"], [2, 3, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_vocabulary_of_a_file_is_looked_up_and_written_again(string type, string options, string file, string lines, string[] inputs, long[] expected)
    {
        using var folder = new TemporaryFolder();
        bool isText = type != "IntegerLookup";
        string config = $$$"""
            {"class_name": "Sequential", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null], "dtype": "{{{(isText ? "string" : "int64")}}}"}},
              {"class_name": "{{{type}}}", "config": {"name": "words", {{{options[1..^1]}}}, "vocabulary": null}}]}}
            """;
        using Model model = Model.Load(Archive(folder["m.keras"], config, ($"assets/layers/{file}", lines)));
        Dictionary<string, Tensor> feeds = new() { ["x"] = isText ? Tensor.FromStrings(inputs) : Tensor.Wrap([.. inputs.Select(long.Parse)]) };
        Answers(model, feeds, expected);
        foreach (string format in (string[])["keras", "keras_h5"])
        {
            model.Save(folder[format], format);
            using Model back = Model.Load(folder[format]);
            Answers(back, feeds, expected);
            Assert.Equal(format == "keras", back.Keras!.Layers[1].Assets.Count == 1);
            using Model converted = model.ConvertToKeras(format).Model;
            Answers(converted, feeds, expected);
        }

        // The vocabulary that is now in the description goes with it.
        using Model h5 = Model.Load(folder["keras_h5"]);
        h5.Save(folder["again"], "keras");
        using Model again = Model.Load(folder["again"]);
        Answers(again, feeds, expected);
    }

    [Theory]
    [InlineData("null", "the file does not tell its vocabulary")]
    [InlineData("\"/etc/words.txt\"", "its vocabulary is the file \"/etc/words.txt\", which is not in the model")]
    public void A_vocabulary_that_is_not_there_is_told(string vocabulary, string message)
    {
        using var folder = new TemporaryFolder();
        string config = $$$"""
            {"class_name": "Sequential", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null], "dtype": "string"}},
              {"class_name": "StringLookup", "config": {"name": "words", "mask_token": null, "vocabulary": {{{vocabulary}}}}}]}}
            """;
        string path = Archive(folder["m.keras"], config);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Equal((KerasErrors.UnknownLayers, "words"), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.Node));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Impossible_numbers_of_unknown_tokens_are_refused(int unknowns)
    {
        using var folder = new TemporaryFolder();
        string config = $$$"""
            {"class_name": "Sequential", "config": {"name": "m", "layers": [
              {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null], "dtype": "string"}},
              {"class_name": "StringLookup", "config": {"name": "words", "mask_token": null, "num_oov_indices": {{{unknowns}}}, "vocabulary": ["a"]}}]}}
            """;
        string path = Archive(folder["m.keras"], config);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Equal((KerasErrors.BadConfig, "num_oov_indices"), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.Attribute));
    }

    [Fact]
    public void Files_of_layers_share_what_they_may_unpack_to()
    {
        using var folder = new TemporaryFolder();
        string path = Archive(folder["m.keras"], """{"class_name": "Sequential", "config": {"layers": []}}""", [.. Enumerable.Range(0, 3).Select(i => ($"assets/layers/a_{i}/vocabulary.txt", new string('a', 40_000_000)))]);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Equal(KerasErrors.BadArchive, e.Diagnostics[0].Code);
    }

    private static void Answers(Model model, Dictionary<string, Tensor> feeds, long[] expected)
    {
        using var session = new Session(model);
        string output = SignatureView.Of(model).Outputs[0].Name;
        Assert.Equal(expected, session.Run(feeds, [output])[output].Span<long>().ToArray());
    }

    private static string Archive(string path, string config, params (string Name, string Text)[] files)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        var weights = new MemoryStream();
        Hdf5Writer.Write(new Hdf5GroupContent(), weights);
        foreach ((string name, byte[] bytes) in ((string, byte[])[])[("metadata.json", """{"keras_version": "3.5.0"}"""u8.ToArray()), ("config.json", Encoding.UTF8.GetBytes(config)), ("model.weights.h5", weights.ToArray()), .. files.Select(f => (f.Name, Encoding.UTF8.GetBytes(f.Text)))])
        {
            using Stream entry = zip.CreateEntry(name, name.StartsWith("assets", StringComparison.Ordinal) && bytes.Length > 100 ? CompressionLevel.SmallestSize : CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }

        return path;
    }
}
