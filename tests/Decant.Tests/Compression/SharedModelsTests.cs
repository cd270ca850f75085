using Decant.Compression;
using Decant.Passes.Compress;
using Decant.TestKit;

namespace Decant.Tests.Compression;

/// <summary>Real models stay close to themselves, written, read and run again.</summary>
public sealed class SharedModelsTests
{
    /// <summary>Rounding of each weight by 2⁻¹², through a handful of layers.</summary>
    private const double Float16Tolerance = 2e-3;

    /// <summary>Rounding of each weight by 2⁻⁹, through a handful of layers.</summary>
    private const double BFloat16Tolerance = 2e-2;

    /// <summary>Half a step of a 255th of the range of a tensor, through a handful of layers.</summary>
    private const double Int8Tolerance = 0.1;

    /// <summary>The same with ranges of channels, or with the best 256 values, which come closer.</summary>
    private const double FinerInt8Tolerance = 0.05;

    private static readonly string[] Models =
    [
        "data/graphdef/t2o-ae0/frozen.pb", "data/graphdef/t2o-fc-layers/frozen.pb", "data/graphdef/mlnet-cifar-frozen/frozen_model.pb", "data/savedmodel/mlperf-kws",
    ];

    private static readonly (string Setting, double Tolerance, double LargestShare)[] Settings =
    [
        ("float16", Float16Tolerance, 0.7), ("bfloat16", BFloat16Tolerance, 0.7), ("int8", Int8Tolerance, 0.56), ("int8-per-channel", FinerInt8Tolerance, 0.6), ("clusters=256", FinerInt8Tolerance, 0.65), ("steps=1024", FinerInt8Tolerance, 1),
    ];

    public static TheoryData<string, string, double, double> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, double, double>();
            foreach (string model in Models)
            {
                foreach ((string setting, double tolerance, double share) in Settings)
                    cases.Add(model, setting, tolerance, share);
            }

            return cases;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void Outputs_stay_within_the_tolerance_of_the_setting(string path, string setting, double tolerance, double largestShare)
    {
        using Model model = Model.Load(SharedData.Path(path));
        var options = new CompressOptions { Weights = new WeightSelection { MinElements = 256 } };
        var measurement = new CompressionMeasurement(model, options, new MeasureOptions { Archives = [], LeastTime = TimeSpan.Zero });
        CompressionRow row = measurement.Measure(model.Compress(options with { Setting = CompressionSetting.Parse(setting), Verify = true }), setting);
        Assert.InRange(row.Error!.MaxRelative, double.Epsilon, tolerance);
        Assert.InRange(row.Error.Cosine, 1 - (tolerance * tolerance), 1 + 1e-12);
        Assert.InRange((double)row.FileBytes / measurement.Original.FileBytes, 0, largestShare);
    }
}
