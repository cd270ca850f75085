using System.Text;
using Decant.IR;
using Fill = Decant.Tests.Formats.Keras.SavedLookupModel.Fill;

namespace Decant.Tests.Formats.Keras;

/// <summary>Lookups of SavedModels, whose descriptions are without their vocabularies.</summary>
public sealed class SavedVocabularyTests
{
    private const string Text = "\"output_mode\": \"int\", \"standardize\": \"lower\", \"split\": \"whitespace\"";

    /// <summary>Class, options, words, the index of the first, inputs, what comes out.</summary>
    public static TheoryData<string, string, string[], int, string[], string[]> Cases => new()
    {
        { "StringLookup", "\"num_oov_indices\": 1, \"mask_token\": null", ["b", "a"], 1, ["a", "b", "c"], ["2", "1", "0"] },
        { "StringLookup", "\"num_oov_indices\": 1, \"mask_token\": \"\"", ["b", "a"], 2, ["a", "", "c"], ["3", "0", "1"] },
        { "StringLookup", "\"num_oov_indices\": 1, \"mask_token\": null, \"oov_token\": \"[UNK]\"", ["[UNK]", "a\u2028b"], 1, ["a\u2028b", "[UNK]", "c"], ["2", "1", "0"] },
        { "StringLookup", "\"num_oov_indices\": 0, \"mask_token\": null", ["b", "a"], 0, ["a", "b"], ["1", "0"] },
        { "StringLookup", "\"num_oov_indices\": 1, \"mask_token\": null, \"invert\": true, \"oov_token\": \"?\"", ["b", "a"], 1, ["2", "1", "9"], ["a", "b", "?"] },
        { "IntegerLookup", "\"num_oov_indices\": 2, \"mask_token\": 0, \"oov_token\": -1", ["40", "12"], 3, ["12", "40", "7", "0"], ["4", "3", "2", "0"] },
        { "IntegerLookup", "\"num_oov_indices\": 1, \"mask_value\": 0, \"oov_value\": -1", ["40", "12"], 2, ["12", "40", "7", "0"], ["3", "2", "1", "0"] },
        { "TextVectorization", Text, ["the", "cat"], 2, ["The cat", "a the"], ["2", "3", "1", "2"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_vocabulary_is_read_of_what_fills_the_table(string type, string options, string[] words, int first, string[] inputs, string[] expected)
    {
        bool isInverted = options.Contains("\"invert\": true", StringComparison.Ordinal), isText = type != "IntegerLookup";
        Tensor names = isText ? Tensor.FromStrings(words) : Tensor.Wrap([.. words.Select(long.Parse)]);
        Tensor places = Tensor.Wrap([.. Enumerable.Range(first, words.Length).Select(i => (long)i)]);
        foreach (Fill fill in isText && !isInverted ? Enum.GetValues<Fill>() : [Fill.Captured, Fill.Inline, Fill.Called, Fill.Stored])
        {
            foreach (bool isNested in (bool[])[false, true])
            {
                using var folder = new TemporaryFolder();
                SavedLookupModel.Write(folder["saved"], (type, options), isInverted ? places : names, isInverted ? names : places, fill, isNested);
                using Model model = Model.Load(folder["saved"]);
                Dictionary<string, Tensor> feeds = new() { ["x"] = isText && !isInverted ? Tensor.FromStrings(inputs) : Tensor.Wrap([.. inputs.Select(long.Parse)]) };
                foreach (string format in (string[])["keras", "keras_h5"])
                {
                    model.Save(folder[format], format);
                    using Model back = Model.Load(folder[format]);
                    Assert.Equal(expected, Answers(back, feeds));
                }
            }
        }
    }

    [Theory]
    [InlineData("\"num_oov_indices\": 3, \"mask_token\": null", new long[] { 1, 2 })]
    [InlineData("\"num_oov_indices\": 1, \"mask_token\": null", new long[] { 1, 3 })]
    public void A_table_that_does_not_fit_the_layer_is_none_of_its_vocabulary(string options, long[] places)
    {
        using var folder = new TemporaryFolder();
        SavedLookupModel.Write(folder["saved"], ("StringLookup", options), Tensor.FromStrings(["b", "a"]), Tensor.Wrap(places), Fill.Captured, isNested: false);
        using Model model = Model.Load(folder["saved"]);
        ModelException e = Assert.Throws<ModelException>(() => model.Save(folder["written"], "keras"));
        Assert.Contains("the file does not tell its vocabulary", e.Message, StringComparison.Ordinal);
    }

    private static string[] Answers(Model model, Dictionary<string, Tensor> feeds)
    {
        using var session = new Session(model);
        string output = SignatureView.Of(model).Outputs[0].Name;
        Tensor found = session.Run(feeds, [output])[output];
        return found.DType == DType.String ? [.. found.Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span))] : [.. found.Span<long>().ToArray().Select(n => $"{n}")];
    }
}
