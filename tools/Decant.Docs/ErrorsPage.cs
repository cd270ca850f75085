using System.Text;
using Decant.Cli;
using Decant.Comparison;
using Decant.Formats;
using Decant.Formats.Checkpoint;
using Decant.Formats.Keras;
using Decant.IR;
using Decant.Lowering;
using Decant.Ops;
using Decant.Passes;
using Decant.Registration;
using Decant.Passes.Compress;
using Decant.Quantizing;
using Decant.Wire;

namespace Decant.Docs;

/// <summary>The codes of all faults.</summary>
internal static class ErrorsPage
{
    /// <summary>Every layer's codes, from below.</summary>
    public static IReadOnlyList<(string Class, IReadOnlyList<ErrorCode> Codes)> Layers { get; } =
    [
        (nameof(CoreErrors), CoreErrors.All),
        (nameof(WireErrors), WireErrors.All),
        (nameof(GraphErrors), GraphErrors.All),
        (nameof(OpErrors), OpErrors.All),
        (nameof(PassErrors), PassErrors.All),
        (nameof(QuantizeErrors), QuantizeErrors.All),
        (nameof(ConvertErrors), ConvertErrors.All),
        (nameof(CompressErrors), CompressErrors.All),
        (nameof(FormatErrors), FormatErrors.All),
        (nameof(CheckpointErrors), CheckpointErrors.All),
        (nameof(KerasErrors), KerasErrors.All),
        (nameof(CompareErrors), CompareErrors.All),
        (nameof(RegistrationErrors), RegistrationErrors.All),
        (nameof(CliErrors), CliErrors.All),
    ];

    public static string Text()
    {
        var page = new StringBuilder(Pages.Head(
            "Error codes",
            "A fault of the model, or of what was asked of it, is a `ModelException` with one or more `Diagnostic`s. Each has one of these codes, which stay as they are, a sentence, the place, and often a hint. The command line prints the code in brackets and exits with 2. Any other exception is a bug of Decant."));
        foreach ((string name, IReadOnlyList<ErrorCode> codes) in Layers)
        {
            page.Append($"## {name}\n\n").Append(Pages.Row("code", "meaning")).Append("|---|---|\n");
            foreach (ErrorCode code in codes.OrderBy(c => c.Id, StringComparer.Ordinal))
                page.Append(Pages.Row($"`{code.Id}`", code.Summary));
            page.Append('\n');
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }
}
