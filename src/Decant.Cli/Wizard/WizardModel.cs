using Decant.Formats;
using Decant.IR;
using P = Decant.Cli.Verbs.TensorflowjsPair;

namespace Decant.Cli.Wizard;

/// <summary>The model that the wizard was told of, and why answers about it are wrong: in the words that the converter would have for them.</summary>
internal sealed class WizardModel : IDisposable
{
    private readonly string _path;
    private Model _model;

    private WizardModel(string path, Model model) => (_path, _model) = (path, model);

    /// <summary>The model, opened.</summary>
    public Model Model => _model;

    /// <summary>What the model is, in words.</summary>
    public string Title => FormatTable.Find(_model.Format).Title;

    /// <summary>The converter's names for its format, the one that is most likely first; none when the converter does not read it.</summary>
    public IReadOnlyList<string> Formats => [.. P.Inputs.Where(f => WhyNot(f) is null).OrderBy(f => f != (_model.Format == "hub" ? P.Hub : P.SavedModel))];

    /// <summary>Opens the model of a path as it is typed.</summary>
    /// <returns>Why it cannot be, or null.</returns>
    public static string? Open(string path, out WizardModel? model)
    {
        model = null;
        if (path.Length == 0)
            return "type a path";
        if (path.Contains("://", StringComparison.Ordinal))
            return $"'{path}' is on the web: download it first, and type where the file is";
        if (!Path.Exists(path))
            return $"there is no '{path}' in {Directory.GetCurrentDirectory()}";
        try
        {
            model = new WizardModel(path, Load(path, null));
        }
        catch (ModelException e)
        {
            return Said(e);
        }

        if (model.Formats.Count > 0)
            return null;
        string title = model.Title, why = model._model.Format is "tfjs" or "tfjs_layers" ? "type the path of its model.json" : $"the converter does not read it; try: decant convert '{path}' --to tfjs -o FOLDER";
        model.Dispose();
        model = null;
        return $"'{path}' is {title}: {why}";
    }

    /// <summary>Why the model is not of a format, or null.</summary>
    public string? WhyNot(string format)
    {
        var pair = new P(_path, "", format, P.GraphModel);
        return Fault(() =>
        {
            pair.CheckSource();
            pair.CheckFormat(_model);
        });
    }

    /// <summary>Why a format cannot be made of the model, or null.</summary>
    public string? WhyNot(string from, string to) => (from, to) switch
    {
        (P.KerasSavedModel, P.LayersModel) => Fault(() => _ = _model.ConvertToKeras("tfjs_layers")),
        (P.Keras, P.GraphModel) when SignatureView.Of(_model).Outputs.Count == 0 => "the file holds weights alone, of which no graph can be made",
        _ => null,
    };

    /// <summary>Why a name, or several with commas between them, tells no tensors of the graph; null when it does.</summary>
    public string? WhyNoOutputs(string names)
    {
        string[] list = CommonOptions.List(names)!;
        var view = SignatureView.Of(_model);
        return list.Length == 0 ? "type at least one name" : Fault(() => Array.ForEach(list, n => view.Resolve(n, isInput: false)));
    }

    /// <summary>Opens the graph that has these tags, which are the converter's default when the model has several graphs.</summary>
    /// <returns>Why there is none, or null.</returns>
    public string? Choose(string tags) => Fault(() =>
    {
        Model chosen = Load(_path, tags);
        _model.Dispose();
        _model = chosen;
    });

    public void Dispose() => _model.Dispose();

    /// <summary>A SavedModel of several graphs of which none is the usual one opens with the tags of the first, until others are chosen.</summary>
    private static Model Load(string path, string? tags)
    {
        try
        {
            return Model.Load(path, new LoadOptions { Tags = tags is null ? null : CommonOptions.List(tags) });
        }
        catch (ModelException e) when (tags is null && e.Diagnostics is [{ Hint: ['-', '-', 't', 'a', 'g', 's', ' ', .. var first] }, ..])
        {
            return Load(path, first);
        }
    }

    private static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ModelException e)
        {
            return Said(e);
        }
    }

    private static string Said(ModelException e) => e.Diagnostics[0].Message.TrimEnd('.');
}
