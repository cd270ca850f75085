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
    // A session makes structured control flow of these, which have no kernels.
    private static readonly string[] Raised = ["Enter", "Exit", "LoopCond", "Merge", "NextIteration", "Switch"];

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
            .Where(n => n.Op != Function.ArgOp && !Raised.Contains(n.Op.Name) && !(OpTable.All.TryGet(n.Op, out Op? op) && op is IHasKernel))
            .Select(n => n.Op.ToString()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether TensorFlow declares the node for its types; TensorFlow.js runs some ops in others.</summary>
    public static bool IsDeclared(Node node) => !node.Attributes.Any(a =>
        a.Value is TypeAttr type && OpCatalogue.Find(node.Op.Name)?.Attribute(a.Key)?.Allowed is { Count: > 0 } allowed
        && !allowed.Any(name => DTypes.TryParse(name, out DType dtype) && dtype == type.Value));

    private static void Judge(OpCase @case, OpCaseSummary summary)
    {
        (Model model, IReadOnlyDictionary<string, Tensor> feeds) = @case.Build();
        using (model)
        {
            if (WithoutKernel(model) is { Count: > 0 } missing)
            {
                summary.WithoutKernel.AddRange(missing);
                return;
            }

            string? difference = Difference(@case, model, feeds);
            if (difference is null)
                summary.Passed++;
            else
                summary.Failed.Add((@case.Id, difference));
        }
    }

    private static string? Difference(OpCase @case, Model model, IReadOnlyDictionary<string, Tensor> feeds)
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
            return e is not ModelException ? e.ToString()
                : @case.Decision is { Verdict: "fault" } refused && e.Message.Contains(refused.Detail, StringComparison.Ordinal) ? null
                : e.Message;
        }

        if (@case.Decision is { Verdict: "fault" })
            return "runs, but TensorFlow refuses it";
        IReadOnlyList<Tensor> expected = @case.Expected;
        for (int i = 0; i < expected.Count; i++)
        {
            Tensor actual = results[@case.Fetches[i]];
            DType declared = @case.DeclaredType(model, i);
            string? difference = @case.IsRandom || @case.Decision is { Verdict: "layout" } ? TensorComparison.Layout(actual, expected[i], declared)
                : @case.Decision is { Verdict: "unordered" } ? TensorComparison.Difference(Sorted(actual), Sorted(expected[i]), 0, 0, declared)
                : TensorComparison.Difference(actual, expected[i], @case.RelativeTolerance, @case.AbsoluteTolerance, declared);
            if (difference is not null)
                return $"{@case.Fetches[i]}: {difference}";
        }

        return null;
    }

    /// <summary>A float32 or int32 tensor with each row sorted.</summary>
    private static Tensor Sorted(Tensor tensor) => tensor.DType == DType.Float32 ? Sorted<float>(tensor) : Sorted<int>(tensor);

    private static Tensor Sorted<T>(Tensor tensor)
        where T : unmanaged
    {
        T[] elements = tensor.Span<T>().ToArray();
        int row = (int)tensor.Shape[-1];
        for (int start = 0; start < elements.Length; start += row)
            Array.Sort(elements, start, row);
        return Tensor.Wrap(elements, tensor.Shape);
    }
}
