using System.Globalization;
using System.IO.Compression;
using System.Text;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.TestKit;

/// <summary>Runs the recorded cases of an op through a session and compares.</summary>
public static class OpCases
{
    /// <summary>The cases of a file <c>Op.jsonl.gz</c>.</summary>
    public static IEnumerable<OpCase> Read(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress), Encoding.UTF8);
        foreach (OpCase @case in OpCase.ReadAll(reader))
            yield return @case;
    }

    /// <summary>Runs every case of a file.</summary>
    public static OpCaseSummary Run(string file)
    {
        var summary = new OpCaseSummary(Path.GetFileName(file).Split('.')[0]);
        foreach (OpCase @case in Read(file))
            Judge(@case, summary);
        return summary;
    }

    /// <summary>The ops of the model, functions included, that Decant has no kernel for.</summary>
    public static IReadOnlyList<string> WithoutKernel(Model model) =>
        [.. model.Functions.Values.SelectMany(f => f.Nodes).Concat(model.Graph.Nodes)
            .Where(n => n.Op != Function.ArgOp && !(OpTable.All.TryGet(n.Op, out Op? op) && op is IHasKernel))
            .Select(n => n.Op.ToString()).Distinct().Order(StringComparer.Ordinal)];

    private static void Judge(OpCase @case, OpCaseSummary summary)
    {
        (Model model, IReadOnlyDictionary<string, Tensor> feeds) = @case.Build();
        using (model)
        {
            if (@case.Expected is not { } expected)
            {
                summary.NotJudged.Add((@case.Id, @case.Notes));
                return;
            }

            if (@case.IsSingleNode && TypeNotAllowed(model.Graph.Nodes[^1]) is { } reason)
            {
                summary.NotJudged.Add((@case.Id, reason));
                return;
            }

            if (WithoutKernel(model) is { Count: > 0 } missing)
            {
                summary.WithoutKernel.AddRange(missing);
                return;
            }

            string? difference = Difference(@case, model, feeds, expected);
            if (difference is null)
                summary.Passed++;
            else
                summary.Failed.Add((@case.Id, difference));
        }
    }

    /// <summary>TensorFlow.js runs some ops in types for which TensorFlow does not declare them: then there is nothing to compare with.</summary>
    private static string? TypeNotAllowed(Node node)
    {
        foreach ((string name, AttrValue value) in node.Attributes)
        {
            if (value is TypeAttr type && OpCatalogue.Find(node.Op.Name)?.Attribute(name)?.Allowed is { Count: > 0 } allowed
                && !allowed.Any(a => DTypes.TryParse(a, out DType dtype) && dtype == type.Value))
                return $"TensorFlow's {node.Op} does not allow {name}={type.Value.Name()}";
        }

        return null;
    }

    private static string? Difference(OpCase @case, Model model, IReadOnlyDictionary<string, Tensor> feeds, IReadOnlyList<Tensor> expected)
    {
        IReadOnlyDictionary<string, Tensor> results;
        try
        {
            using var session = new Session(model);
            results = session.Run(feeds, @case.Fetches);

            // The third run is the first one by a plan; ops with state may go on from where they are.
            if (!@case.IsRandom && !model.Graph.Nodes.Any(n => OpCatalogue.Find(n.Op.Name) is not { IsStateful: false }))
            {
                session.Run(feeds, @case.Fetches);
                results = session.Run(feeds, @case.Fetches);
            }

            if (@case.IsSingleNode)
            {
                var ports = @case.Fetches.Select(f => (int.Parse(f.AsSpan(f.IndexOf(':') + 1), CultureInfo.InvariantCulture), results[f]));
                if (OpCaseFacts.Contradiction(model.Graph.Nodes[^1], feeds, [.. ports]) is { } contradiction)
                    return contradiction;
            }
        }
        catch (Exception e)
        {
            return e is ModelException ? e.Message : e.ToString();
        }

        for (int i = 0; i < expected.Count; i++)
        {
            Tensor actual = results[@case.Fetches[i]];
            DType declared = @case.DeclaredType(model, i);
            string? difference = @case.IsRandom
                ? TensorComparison.Layout(actual, expected[i], declared)
                : TensorComparison.Difference(actual, expected[i], @case.RelativeTolerance, @case.AbsoluteTolerance, declared);
            if (difference is not null)
                return $"{@case.Fetches[i]}: {difference}";
        }

        return null;
    }
}
