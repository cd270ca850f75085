using Decant.Formats.Keras.Writing.Keras3;
using Decant.Formats.TFJS;
using Decant.IR;

namespace Decant.Formats.Keras.Writing;

/// <summary>Keras models as they will be when they are written in another of Keras's formats.</summary>
internal static class KerasConverter
{
    /// <summary>The model that the format's file will hold, to be compared with the original and then saved.</summary>
    /// <exception cref="ModelException">The model is none of Keras, or the format does not have its layers.</exception>
    public static Model Run(Model model, string format, bool checksOps)
    {
        (KerasParts parts, string? note) = format switch
        {
            "tfjs_layers" => (TFJSLayersWriter.Converted(model, model.Path, checksOps), null),
            "keras" => Keras3Model.Of(model, model.Path),
            _ => (KerasSource.Of(model, model.Path), null),
        };
        var description = new KerasDescription(parts.Config, model.Path, parts.Version) { Backend = parts.Backend, TrainingConfig = parts.TrainingConfig, Optimizer = parts.Optimizer, Metrics = parts.Metrics };
        Model converted = ModelBuilder.Build(description, _ => new KnownWeights(parts.Layers));
        converted.TFJS = model.TFJS;
        if (OptimizerState.LostIn(parts, format) is { } lost)
            converted.Notes.Add(lost);
        if (note is not null)
            converted.Notes.Add(note);
        (converted.Format, converted.Path) = (format, model.Path);
        return converted;
    }
}
