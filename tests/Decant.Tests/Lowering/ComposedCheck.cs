using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>A graph that is converted for TensorFlow Lite and for TensorFlow.js, and gives what it gave before.</summary>
internal static class ComposedCheck
{
    /// <param name="nodes">The nodes in text form; TensorFlow.js does not have the op of the first.</param>
    /// <param name="inputs">The placeholders.</param>
    /// <param name="feeds">Their values.</param>
    /// <param name="outputs">What is compared.</param>
    /// <param name="tolerance">Of each number, and in proportion to it.</param>
    public static void Run(string nodes, string inputs, Dictionary<string, Tensor> feeds, string[] outputs, double tolerance)
    {
        using Model model = GraphParser.Parse($"graph {{\n{inputs}\n{nodes}\n}}");
        using var own = new Session(model);
        IReadOnlyDictionary<string, Tensor> wanted = own.Run(feeds, outputs);
        using Model lite = model.Convert(new ConvertOptions { Inputs = [.. feeds.Keys], Outputs = outputs }).Model;
        using Model js = model.ConvertToTFJS(new TFJSConvertOptions { Inputs = [.. feeds.Keys], Outputs = outputs }).Model;
        Assert.DoesNotContain(js.Graph.Nodes, n => nodes.Contains($" {n.Op.Name}(", StringComparison.Ordinal) && n.Op != "Const");
        foreach (Model converted in (Model[])[lite, js])
        {
            using var session = new Session(converted);
            SignatureView view = SignatureView.Of(converted);
            IReadOnlyDictionary<string, Tensor> found = session.Run(feeds, [.. view.Outputs.Select(o => o.Name)]);
            foreach ((string output, SignatureTensor made) in outputs.Zip(view.Outputs))
                Assert.Null(TensorComparison.Difference(found[made.Name], wanted[output], tolerance, tolerance));
        }
    }
}
