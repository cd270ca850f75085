using Decant.IR;
using Decant.TestKit;
using Xunit.Abstractions;

namespace Decant.Tests.Formats;

/// <summary>Damaged files are the model's fault, never ours, and never take long.</summary>
public sealed class HostileTests(ITestOutputHelper output)
{
    private const int SmallFile = 64 * 1024;
    private const int CutsPerFile = 24;
    private const int FlipsPerFile = 24;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [SharedFact]
    public void Cut_and_flipped_files_load_or_are_refused()
    {
        var random = new Random(20240607);
        // Every 20th of the many small golden graphs is enough: they are alike.
        string[] files =
        [
            .. FormatFiles.BinaryGraphs.Where((f, i) => i % 20 == 0), .. FormatFiles.TextGraphs.Where((f, i) => i % 20 == 0),
            .. SharedData.Files("data/graphdef-text/dl4j-pbtxt"), .. FormatFiles.MetaGraphs, .. FormatFiles.SavedModels,
            .. SharedData.Files("data/tflite", "*.tflite").Where(File.Exists).Where((f, i) => i % 3 == 0),
        ];
        int loaded = 0, refused = 0, tried = 0;
        using var folder = new TemporaryFolder();
        foreach (string file in files.Where(f => new FileInfo(f).Length is > 0 and < SmallFile))
        {
            byte[] bytes = File.ReadAllBytes(file);
            string target = folder[Path.GetFileName(file)];
            tried++;
            for (int i = 0; i < CutsPerFile + FlipsPerFile; i++)
            {
                byte[] damaged = i < CutsPerFile ? bytes[..random.Next(bytes.Length)] : [.. bytes];
                for (int flips = i < CutsPerFile ? 0 : 1 + (i % 4); flips > 0; flips--)
                    damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(target, damaged);
                var clock = WorkClock.Start();
                if (Loads(target, $"{FormatFiles.Short(file)} #{i}"))
                    loaded++;
                else
                    refused++;
                Assert.True(clock.Elapsed < Bound, $"{FormatFiles.Short(file)} #{i} took {clock.Elapsed}");
            }
        }

        output.WriteLine($"{tried} files, {loaded} loaded, {refused} refused");
        Assert.NotEqual(0, refused);
    }

    private static bool Loads(string path, string what)
    {
        try
        {
            using Model model = Model.Load(path);
            foreach (Node node in model.Graph.Nodes)
            {
                foreach ((_, AttrValue value) in node.Attributes)
                    _ = value is TensorAttr tensor && tensor.Shape.IsFullyKnown && tensor.Value is null;
            }

            model.Save(path + ".again", model.Format is "saved_model" or "metagraph" or "tflite" ? model.Format : "graphdef");
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what} gave {e.GetType().Name}: {e.Message}\n{e.StackTrace}", e);
        }
    }
}
