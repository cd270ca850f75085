using Decant.IR;
using Decant.TestKit;
using Decant.Tests.Formats;

namespace Decant.Tests.Hostile;

/// <summary>Damaged models of TensorFlow Lite, loaded and run: they give results or a located error, and nothing else.</summary>
public sealed class DamagedTFLiteTests
{
    private const int Files = 120;
    private const int Damages = 4;
    private const int MostElements = 100_000;
    private const int MostBytes = 2_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    [SharedFact]
    public void Damaged_operators_run_or_are_refused()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20260917);
        string[] files = [.. SharedData.Files("opcases/tflite", "*.tflite").Where(f => !f.Contains("pad", StringComparison.Ordinal))];
        int ran = 0;
        for (int i = 0; i < Files; i++)
        {
            string file = files[random.Next(files.Length)];
            byte[] bytes = File.ReadAllBytes(file);
            for (int j = 0; j < Damages; j++)
            {
                byte[] damaged = [.. bytes];
                for (int k = random.Next(1, 4); k > 0; k--)
                    damaged[random.Next(Math.Min(bytes.Length, 4000))] = (byte)random.Next(256);
                File.WriteAllBytes(folder["damaged.tflite"], damaged);
                ran += Run(folder["damaged.tflite"]) ? 1 : 0;
            }
        }

        Assert.NotEqual(0, ran);
    }

    [SharedFact]
    public void A_file_cut_at_any_byte_is_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in SharedData.Files("opcases/tflite", "*.tflite").Where(f => new FileInfo(f).Length < MostBytes).Where((_, i) => i % 400 == 0))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int length = 0; length < bytes.Length; length++)
            {
                File.WriteAllBytes(folder["cut.tflite"], bytes[..length]);
                Run(folder["cut.tflite"]);
            }
        }
    }

    [Fact]
    public void An_input_that_the_operator_has_no_use_for_is_left_alone()
    {
        using var source = new Model();
        Node x = source.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new Shape(2) } });
        Node y = source.Graph.Add("y", "AddV2", [x, x], new AttributeMap { { "T", DType.Float32 } });
        Node z = source.Graph.Add("z", "Neg", [y], new AttributeMap { { "T", DType.Float32 } });
        using Model model = source.Convert().Model;
        Node sum = Assert.Single(model.Graph.Nodes, n => n.Op.Name == "ADD");
        Node negation = Assert.Single(model.Graph.Nodes, n => n.Op.Name == "NEG");
        negation.Inputs.Add(sum.Inputs[0]);
        using var session = new Session(model);
        Assert.Equal([-2f, -4f], session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.From([1f, 2f], new Shape(2)) })["z"].Span<float>().ToArray());
    }

    /// <summary>Whether a file loads and runs on zeros.</summary>
    private static bool Run(string path)
    {
        try
        {
            using Model model = Model.Load(path);
            using var session = new Session(model);
            var feeds = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            Node[] arguments = [.. ((Function)model.Graph).ArgNodes];
            for (int i = 0; i < arguments.Length; i++)
            {
                TensorSpec spec = arguments[i].Tensors[0];
                var shape = new Shape([.. spec.Shape.Dims.ToArray().Select(d => Math.Max(d, 1))]);
                if (!spec.DType.HasFixedSize() || !shape.TryElementCount(out long count) || count > MostElements)
                    return false;
                feeds[$"{i}"] = new Tensor(spec.DType, shape, new BufferSlice(new byte[Tensor.ByteCount(spec.DType, shape)]));
            }

            using var limit = new CancellationTokenSource(Longest);
            session.Run(feeds, cancellation: limit.Token);
            return true;
        }
        catch (ModelException e)
        {
            Assert.NotEmpty(e.Diagnostics);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
