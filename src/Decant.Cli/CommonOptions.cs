using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Decant.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class CommonOptions
{
    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Say nothing but errors", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Say more: what was chosen, and where a bug happened", Recursive = true };

    /// <summary>The model that a verb works on.</summary>
    public static Argument<string> Model(string name = "MODEL") =>
        new(name) { Description = "A GraphDef (.pb, .pbtxt), checkpoint prefix or folder, .meta, SavedModel or Hub folder or its .tar.gz, Keras file (.h5, .keras), model.json, or .tflite" };

    /// <summary>The models that a verb works on; an option that there is not is no model.</summary>
    public static Argument<string[]> Models()
    {
        Argument<string[]> models = new("MODEL") { Description = Model().Description, Arity = ArgumentArity.OneOrMore };
        models.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(t => t.Value.StartsWith("--", StringComparison.Ordinal)))
            {
                string? near = result.Parent is CommandResult { Command: { } command } ? Spelling.Nearest(token.Value, command.Options.Select(o => o.Name)) : null;
                result.AddError($"There is no option '{token.Value}'{(near is null ? "" : $", did you mean '{near}'?")}");
            }
        });
        return models;
    }

    /// <summary>Where to write.</summary>
    public static Option<string> Output(string description) => new("--output", "-o") { Description = description, Required = true };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON" };

    public static Option<string?> Signature() => new("--signature") { Description = "The signature to use, by its key (default: serving_default, else the first)" };

    public static Option<string?> Tags() => new("--tags") { Description = "The tag set of a SavedModel's graph, comma separated (default: serve, else the only one)" };

    public static Option<string?> Checkpoint() => new("--checkpoint") { Description = "The checkpoint that holds the variables of a GraphDef or .meta, by its prefix" };

    public static Option<string?> Inputs() => new("--inputs") { Description = "Tensors where the graph is cut, comma separated; inner ones become placeholders" };

    public static Option<string?> Outputs() => new("--outputs") { Description = "Tensors to keep, comma separated" };

    /// <summary>A comma-separated list, or null when the option was not given.</summary>
    public static string[]? List(string? value) => value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A comma-separated list of finite numbers, or null when the option was not given.</summary>
    public static float[]? Numbers(string? value, string option) => value is null ? null
        : [.. value.Split(',').Select(p => float.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number : throw CliErrors.Usage.At(null, $"{option} {value}: '{p}' is no number"))];

    /// <summary>Fails when one of these options was given: it would have no effect.</summary>
    public static void Refuse(ParseResult parsed, IEnumerable<Option> options, string why, string? hint)
    {
        if (options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
            throw CliErrors.Usage.At(null, $"{given.Name} {why}", hint);
    }
}
