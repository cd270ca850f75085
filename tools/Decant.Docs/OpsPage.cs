using System.Globalization;
using System.Text;
using Decant.IR;
using Decant.Lowering.Composing;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Ops.Lowering;
using Decant.Ops.TFLite.Catalogue;

namespace Decant.Docs;

/// <summary>The ops that Decant knows the meaning of.</summary>
internal static class OpsPage
{
    public static string Text()
    {
        Op[] ops = [.. OpTable.All.Ops.Where(o => o.Name.Dialect == Dialect.TensorFlow)];
        int kernels = ops.Count(o => o is IHasKernel);
        string[] catalogue = [.. OpCatalogue.Names()];
        var page = new StringBuilder(Pages.Head(
            "Ops",
            $"""
            Decant knows the declarations of {catalogue.Length} TensorFlow ops: any of them, and any other, is loaded, printed and written. Of {ops.Length} it knows more: for {ops.Count(o => o is IInfersFacts)} the types and shapes of the outputs, for {kernels} how to run them.

            **types**: the types that TensorFlow declares for the op's main type attribute; **any** means that it names none, **-** that the op has no such attribute. **no kernel for**: those of them that Decant refuses with the error `no-kernel`, as the kernels themselves answered when this page was made. **lowering**: where models with the op can be converted to, of other operators where there is none for it: **lite** for TensorFlow Lite, **js** for TensorFlow.js, **js of others** where it is composed there; some nodes may still be refused, and ops that only constants need are folded. Ops that are not in the catalogue are internal ones of TensorFlow, or of other programs that write GraphDefs.
            """));
        foreach (IGrouping<string, Op> family in ops.GroupBy(Family).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            page.Append($"## {family.Key}\n\n").Append(Pages.Row("op", "inference", "kernel", "lowering", "types", "no kernel for")).Append("|---|---|---|---|---|---|\n");
            foreach (Op op in family)
                page.Append(Pages.Row([$"`{op.Name}`", op is IInfersFacts ? "yes" : "no", op is IHasKernel ? "yes" : "no", Lowering(op), .. Types(op)]));
            page.Append('\n');
        }

        TFLite(page);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The builtin operators of TensorFlow Lite, and the custom ones that have kernels.</summary>
    private static void TFLite(StringBuilder page)
    {
        HashSet<string> known = [.. OpTable.All.Ops.Where(o => o.Name.Dialect == Dialect.TFLite && o.Name != TFLiteParts.TensorOp).Select(o => o.Name.Name)];
        BuiltinOperator[] builtin = [.. TFLiteCatalogue.Operators.Values.Where(o => o.Versions.Count > 0).OrderBy(o => o.Name, StringComparer.Ordinal)];
        page.Append(CultureInfo.InvariantCulture, $"## TensorFlow Lite\n\nOf the {builtin.Length} builtin operators that a runtime has, {builtin.Count(o => known.Contains(o.Name))} have a kernel. In graphs they are named `tfl.NAME`. Custom operators with a kernel: {string.Join(", ", known.Where(n => TFLiteCatalogue.Find(n) is null).Order(StringComparer.Ordinal).Select(n => $"`{n}`"))}.\n\n");
        page.Append(Pages.Row("operator", "kernel", "options")).Append("|---|---|---|\n");
        foreach (BuiltinOperator op in builtin)
            page.Append(Pages.Row($"`{op.Name}`", known.Contains(op.Name) ? "yes" : "no", string.Join(", ", op.Options?.Fields.Select(f => f.Name) ?? [])));
    }

    /// <summary>The last part of the namespace that holds the op.</summary>
    private static string Family(Op op) => op.GetType().Namespace!["Decant.Ops.".Length..];

    private static string Lowering(Op op)
    {
        bool isLite = LoweringTable.Find(op.Name.Name) is not null || op is ILowersToTFLite;
        string js = TfjsOps.Has(op.Name.Name) ? "js" : Compositions.Has(op.Name) ? "js of others" : "";
        return string.Join(", ", new[] { isLite ? "lite" : "", js }.Where(t => t.Length > 0));
    }

    /// <summary>The types that TensorFlow declares, and those of them that no kernel takes.</summary>
    private static string[] Types(Op op)
    {
        if (OpCatalogue.Find(op.Name.Name) is not { } def)
            return ["not in the catalogue", ""];
        if (KernelTypes.MainAttribute(def) is not { } main)
            return ["-", ""];
        return main.Allowed.Count == 0 ? ["any", ""] : [string.Join(", ", main.Allowed.Distinct()), string.Join(", ", KernelTypes.Lacking(op, def, main))];
    }
}
