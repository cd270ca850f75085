using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>A model's description as its file has it, beside its weights.</summary>
/// <param name="Config">JSON: <c>{"class_name": ..., "config": ...}</c>.</param>
/// <param name="File">The file, for messages.</param>
/// <param name="Version">The version of Keras that wrote it.</param>
internal sealed record KerasDescription(BufferSlice Config, string File, string Version)
{
    /// <summary>What computed for that Keras.</summary>
    public string Backend { get; init; } = "tensorflow";

    /// <summary>How the model is trained, as JSON; empty when the file does not tell.</summary>
    public BufferSlice TrainingConfig { get; init; }

    /// <summary>What the optimizer keeps, and the format that has it so.</summary>
    public (string Format, IReadOnlyList<KerasWeight> Weights) Optimizer { get; init; } = ("", []);

    /// <summary>What the metrics have counted, as archives keep it.</summary>
    public IReadOnlyList<KerasWeight> Metrics { get; init; } = [];

    /// <summary>Parses the description; values of it are good as long as the result.</summary>
    /// <exception cref="ModelException">It is no JSON, or does not describe a layer.</exception>
    public LayerConfig Parse()
    {
        try
        {
            JsonTexts.Check(Config);
            return LayerConfig.Read(JsonDocument.Parse(Config.ToArray()).RootElement, File, KerasFile.Release(Version));
        }
        catch (JsonException e)
        {
            throw KerasErrors.BadConfig.At(new Location(File), $"the description of the layers is no JSON ({e.Message.TrimEnd('.')})");
        }
    }
}
