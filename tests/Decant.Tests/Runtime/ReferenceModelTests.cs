using System.Text.Json;
using Decant.Formats.GraphDef;
using Decant.TestKit;
using Decant.Wire.Audio;
using Decant.Wire.Npy;
using Decant.Wire.Protobuf;

namespace Decant.Tests.Runtime;

/// <summary>Whole frozen networks against what TensorFlow.js computed of them.</summary>
public sealed class ReferenceModelTests
{
    /// <summary>What the references' own notes say to trust.</summary>
    private const double RelativeTolerance = 1e-3;
    private const double AbsoluteTolerance = 1e-4;

    private const string Folder = "data/graphdef";

    public static TheoryData<string> References => [.. SharedData.Files(Folder, "ref.json")
        .Select(f => Path.GetRelativePath(Path.Combine(SharedData.Root, Folder), Path.GetDirectoryName(f)!)).Where(f => f.Contains("ref-tfjs", StringComparison.Ordinal))];

    [SharedTheory]
    [MemberData(nameof(References))]
    public void A_frozen_network_gives_the_recorded_outputs(string reference)
    {
        string folder = SharedData.Path($"{Folder}/{reference}");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "ref.json")));
        Dictionary<string, Tensor> Values(string side) => json.RootElement.GetProperty(side).EnumerateArray()
            .ToDictionary(v => v.GetProperty("name").GetString()!, v => NpyReader.Read(Path.Combine(folder, v.GetProperty("file").GetString()!)));
        Dictionary<string, Tensor> expected = Values("outputs");
        string[] files = Directory.GetFiles(SharedData.Path($"{Folder}/{reference.Split(Path.DirectorySeparatorChar)[0]}"), "*.pb");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            using Model model = Load(file);
            using var session = new Session(model);
            Dictionary<string, Tensor> inputs = Values("inputs");
            for (int run = 1; run <= 3; run++)
            {
                IReadOnlyDictionary<string, Tensor> found = session.Run(inputs, [.. expected.Keys]);
                foreach ((string name, Tensor value) in expected)
                    Assert.Null(TensorComparison.Difference(found[name], value, RelativeTolerance, AbsoluteTolerance, declared: DType.Int64) is { } difference ? $"run {run}: {difference}" : null);
            }
        }
    }

    [SharedFact]
    public void A_keyword_spotter_hears_a_sound_file_through_its_own_front_end()
    {
        var random = new Random(7);
        float[] sound = [.. Enumerable.Range(0, 16000).Select(i => (0.3f * MathF.Sin(0.2f * i)) + (0.1f * (random.NextSingle() - 0.5f)))];
        using Model model = Load(SharedData.Path($"{Folder}/kws-ds-cnn-s/DS_CNN_S.pb"));
        using var session = new Session(model);
        var wav = new Tensor(Shape.Scalar, [WavFile.Write(sound, 1, 16000)]);
        IReadOnlyDictionary<string, Tensor> found = session.Run(
            new Dictionary<string, Tensor> { ["wav_data"] = wav }, ["decoded_sample_data:0", "AudioSpectrogram", "Mfcc", "labels_softmax"]);

        ReadOnlySpan<float> samples = found["decoded_sample_data:0"].Span<float>();
        Tensor spectrogram = found["AudioSpectrogram"];
        Assert.Equal(new Shape(1, 49, 513), spectrogram.Shape);
        const int Frame = 17;
        float[] powers = spectrogram.Span<float>().Slice(Frame * 513, 513).ToArray();
        foreach (int bin in new[] { 0, 1, 32, 100, 512 })
            Assert.Equal(1, (Power(samples.Slice(Frame * 320, 640), bin) + 1e-3) / (powers[bin] + 1e-3), 1e-3);

        Tensor mfcc = found["Mfcc"];
        Assert.Equal(new Shape(1, 49, 10), mfcc.Shape);
        double[] expected = Coefficients(powers, 16000, 20, 4000, 40, 10);
        for (int k = 0; k < 10; k++)
            Assert.Equal(expected[k], mfcc.Span<float>()[(Frame * 10) + k], 1e-3);
        Assert.Equal(1, found["labels_softmax"].Span<float>().ToArray().Sum(), 1e-5);
    }

    /// <summary>|Σ w[i]·x[i]·e^(-2πi·k·i / 1024)|² with the periodic Hann window.</summary>
    private static double Power(ReadOnlySpan<float> x, int bin)
    {
        (double re, double im) = (0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            double weighted = x[i] * Math.Pow(Math.Sin(Math.PI * i / x.Length), 2);
            re += weighted * Math.Cos(2 * Math.PI * bin * i / 1024);
            im += weighted * Math.Sin(2 * Math.PI * bin * i / 1024);
        }

        return (re * re) + (im * im);
    }

    /// <summary>The coefficients by triangles 1 - |mel - centre| / spacing over the bins between the limits.</summary>
    private static double[] Coefficients(float[] powers, double rate, double low, double high, int filters, int count)
    {
        double Mel(double f) => 1127 * Math.Log(1 + (f / 700));
        double spacing = (Mel(high) - Mel(low)) / (filters + 1);
        double[] logs = new double[filters];
        for (int j = 0; j < filters; j++)
        {
            double center = Mel(low) + (spacing * (j + 1));
            double energy = 0;
            for (int bin = 1; bin < powers.Length; bin++)
            {
                double frequency = bin * rate / 2 / (powers.Length - 1);
                if (frequency >= low && frequency <= high)
                    energy += Math.Sqrt(powers[bin]) * Math.Max(0, 1 - (Math.Abs(Mel(frequency) - center) / spacing));
            }

            logs[j] = Math.Log(Math.Max(energy, 1e-12));
        }

        return [.. Enumerable.Range(0, count).Select(k => Math.Sqrt(2.0 / filters) * logs.Select((v, j) => v * Math.Cos(Math.PI * k * (j + 0.5) / filters)).Sum())];
    }

    private static Model Load(string path)
    {
        var model = new Model();
        MappedFile file = MappedFile.Open(path);
        model.Hold(file);
        GraphDefReader.Read(new ProtoReader(file.Bytes), model);
        return model;
    }
}
