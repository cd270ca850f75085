using Decant.Formats;
using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Formats;

/// <summary>Files of other people's programs come out again as they went in.</summary>
public sealed class RoundTripTests(ITestOutputHelper output)
{
    [SharedFact]
    public void Binary_graphs_are_written_as_they_were_read() => Check(FormatFiles.BinaryGraphs, "GraphDef", "graphdef", "model.pb");

    [SharedFact]
    public void Text_graphs_say_the_same_in_binary_and_in_text_again()
    {
        Check(FormatFiles.TextGraphs, "GraphDef", "graphdef", "model.pb");
        Check(FormatFiles.TextGraphs, "GraphDef", "graphdef", "model.pbtxt");
    }

    [SharedFact]
    public void Binary_graphs_say_the_same_in_text() => Check([.. FormatFiles.BinaryGraphs.Where((f, i) => i % 10 == 0)], "GraphDef", "graphdef", "model.pbtxt");

    [SharedFact]
    public void Metagraphs_are_written_as_they_were_read() => Check(FormatFiles.MetaGraphs, "MetaGraphDef", "metagraph", "model.meta");

    [SharedFact]
    public void Saved_models_are_written_as_they_were_read()
    {
        using var folder = new TemporaryFolder();
        List<string> wrong = [];
        int same = 0;
        foreach (string file in FormatFiles.SavedModels)
        {
            string from = Path.GetDirectoryName(file)!;
            using Model model = Model.Load(from);
            string to = folder["model"];
            model.Save(to, model.Format);
            string a = FormatFiles.Canonical("SavedModel", file), b = FormatFiles.Canonical("SavedModel", Path.Combine(to, "saved_model.pb"));
            if (a != b)
                wrong.Add($"{FormatFiles.Short(file)}: {FormatFiles.FirstDifference(a, b)}");
            if (File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(to, "saved_model.pb"))))
                same++;
            foreach (Decant.IR.ModelFile kept in model.TensorFlow.Files)
                Assert.Equal(File.ReadAllBytes(Path.Combine(from, kept.Name)), File.ReadAllBytes(Path.Combine(to, kept.Name)));
        }

        output.WriteLine($"{FormatFiles.SavedModels.Count} SavedModels, {same} byte-equal");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.NotEmpty(FormatFiles.SavedModels);
    }

    private void Check(IReadOnlyList<string> files, string message, string format, string target)
    {
        using var folder = new TemporaryFolder();
        List<string> wrong = [];
        int same = 0;
        foreach (string file in files)
        {
            string once = folder[target], twice = folder["again/" + target];
            try
            {
                using (Model model = Model.Load(file))
                {
                    if (model.Format is not ("checkpoint" or "session_bundle"))
                        Assert.Equal(format, model.Format);
                    model.Save(once, format);
                }

                using (Model model = Model.Load(once))
                    model.Save(twice, format);
            }
            catch (ModelException e)
            {
                wrong.Add($"{FormatFiles.Short(file)}: {e.Message}");
                continue;
            }

            string a = FormatFiles.Canonical(message, file), b = FormatFiles.Canonical(message, once);
            if (a != b)
                wrong.Add($"{FormatFiles.Short(file)}: {FormatFiles.FirstDifference(a, b)}");
            byte[] written = File.ReadAllBytes(once);
            if (!written.AsSpan().SequenceEqual(File.ReadAllBytes(twice)))
                wrong.Add($"{FormatFiles.Short(file)}: written twice, it differs");
            if (written.AsSpan().SequenceEqual(File.ReadAllBytes(file)))
                same++;
        }

        output.WriteLine($"{files.Count} files as {target}, {same} byte-equal");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {files.Count}:\n{string.Join('\n', wrong.Take(30))}");
        Assert.NotEmpty(files);
    }

    [Fact]
    public void A_SavedModel_is_not_written_without_its_variables()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(Path.Combine(SharedData.Repository, "samples", "text-cnn"));
        Assert.NotEmpty(model.Variables);
        ModelException e = Assert.Throws<ModelException>(() => model.Save(folder["model"], "saved_model"));
        Assert.Equal(FormatErrors.FormatNotSupported, e.Diagnostics[0].Code);
        Assert.Contains("model.ckpt-1000", e.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(folder["model"]));
    }
}
