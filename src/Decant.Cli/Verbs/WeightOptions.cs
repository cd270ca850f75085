using System.CommandLine;
using Decant.Passes.Compress;

namespace Decant.Cli.Verbs;

/// <summary>The options that say which constants are weights.</summary>
internal sealed record WeightOptions(Option<long> MinElements, Option<string?> Only, Option<string?> Except)
{
    public static WeightOptions Create()
    {
        Option<long> least = new("--min-elements") { Description = "Leave constants with fewer elements", DefaultValueFactory = _ => new WeightSelection().MinElements };
        least.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 1)
                result.AddError($"--min-elements {result.GetValueOrDefault<long>()}: expected a number from 1");
        });
        return new(
            least,
            new("--only") { Description = "The constants (or variables) to change, comma separated (default: all)" },
            new("--except") { Description = "Constants (or variables) to leave, comma separated" });
    }

    public WeightSelection Read(ParseResult parsed) => new()
    {
        MinElements = parsed.GetValue(MinElements),
        Only = CommonOptions.List(parsed.GetValue(Only)),
        Except = CommonOptions.List(parsed.GetValue(Except)) ?? [],
    };
}
