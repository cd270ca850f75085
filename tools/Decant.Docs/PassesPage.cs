using System.Text;
using Decant.Passes;

namespace Decant.Docs;

/// <summary>The passes that have names.</summary>
internal static class PassesPage
{
    public static string Text()
    {
        var page = new StringBuilder(Pages.Head("Passes", "The entries of `PassTable`, as `decant transform` and `Model.Transform` name them. A pass gives labelled edits; `PassDriver` applies them, checks the graph around each, and can stop after a number of edits.\n\nEvery one also takes `ignore_errors=true`: a fault that stops it then does not stop those behind it. A `*` marks parameters that may be given several times.\n\nRaising TF1 control flow, inlining functions, cutting out a part and freezing are no entries: they make a new model, and are called as `RaiseControlFlow.Run`, `InlineFunctions.Run`, `ExtractSubgraph.Run` and `Model.Freeze`."));
        page.Append(Pages.Row("name", "what it does", "parameters")).Append("|---|---|---|\n");
        foreach (PassEntry pass in PassTable.All)
            page.Append(Pages.Row($"`{pass.Name}`", pass.Summary, string.Join("; ", pass.Parameters.Select(Describe))));
        return page.ToString();
    }

    private static string Describe(PassParameter parameter) =>
        $"`{parameter.Name}`{(parameter.Repeats ? "*" : "")}: {parameter.Summary}{(parameter.Default is null ? "" : $" (default: {parameter.Default})")}";
}
