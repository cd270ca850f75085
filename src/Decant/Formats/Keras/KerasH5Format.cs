using System.Text;
using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Keras's HDF5 files: whole models, or weights, whose description may be a file beside them.</summary>
internal sealed class KerasH5Format : ModelFormat
{
    public override string Name => "keras_h5";

    public override string Title => "a Keras HDF5 file";

    public override string Recognition => "an HDF5 file, or the JSON or YAML description of a Keras model with such a file of weights beside it";

    public override bool CanSave => true;

    public override void Save(Model model, string path) => Writing.KerasH5Writer.Write(model, path);

    public override bool Recognizes(ModelSource source) => source.IsFile && (Hdf5File.IsHdf5(source.Bytes) || DescriptionFile.Is(source.Bytes));

    public override Model Load(ModelSource source, LoadOptions options)
    {
        if (!Hdf5File.IsHdf5(source.Bytes))
            return DescriptionFile.Load(source);
        var file = Hdf5File.Open(source.Bytes);
        if (file.Root.Text("model_config") is not { } json)
        {
            return ((string[])["layer_names", "layer_names0", NumberedWeights.CountAttribute]).Any(file.Root.Attributes.ContainsKey) || ArchiveWeights.Are(file.Root)
                ? DescriptionFile.LoadBeside(source, file) ?? KerasFile.WeightsOnly(file, source.Path)
                : throw FormatErrors.NotRecognized.At(new Location(source.Path), "the file is an HDF5 file without a Keras model: it has neither model_config nor layer_names");
        }

        var group = file.Root["model_weights"] as Hdf5Group;
        string? version = file.Root.Text("keras_version") ?? group?.Text("keras_version");
        var description = new KerasDescription(Utf8(json, source.Path), source.Path, version ?? "1")
        {
            Backend = file.Root.Text("backend") ?? group?.Text("backend") ?? "tensorflow",
            TrainingConfig = file.Root.Text("training_config") is { } training ? Utf8(training, source.Path) : default,
        };
        if (file.Root[KerasFile.OptimizerGroup] is Hdf5Group optimizer)
        {
            description = description with
            {
                Optimizer = (Name, [.. (optimizer.Texts("weight_names") ?? []).Select(name => optimizer[name] is Hdf5Dataset weight
                    ? new KerasWeight(NamedWeights.LastPart(name), new DatasetAttr(weight)) { StoredName = name }
                    : throw KerasErrors.BadWeights.At(new Location(source.Path), $"the optimizer's weight '{name}' is listed in {optimizer.Path} and is not there", "save the model again with its optimizer"))]),
            };
        }

        return ModelBuilder.Build(description, _ => new LegacyWeights(group));
    }

    private static BufferSlice Utf8(string text, string path) => new(Encoding.UTF8.GetBytes(text), path);
}
