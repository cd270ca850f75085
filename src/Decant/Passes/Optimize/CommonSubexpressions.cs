using System.Text;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Passes.Optimize;

/// <summary>
/// f(x) and f(x) are one: of nodes without effects that have the same op, inputs, control inputs, attributes and device, the
/// first stays, constants with equal elements included. The first two inputs of a commutative op may be exchanged.
/// </summary>
internal sealed class CommonSubexpressions() : Pass("common_subexpressions")
{
    private static readonly TextOptions KeyText = new() { MaxElements = 16 };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        var first = new Dictionary<string, List<Node>>(StringComparer.Ordinal);
        foreach (Node node in TopologicalOrder.Of(context.Graph))
        {
            if (!context.IsThere(node) || !Purity.IsPure(node) || node.Inputs.Exists(v => !v.IsPresent))
                continue;
            string key = Key(node);
            if (!first.TryGetValue(key, out List<Node>? like))
                first[key] = like = [];
            int at = like.FindIndex(n => HasSameTensor(n, node));
            if (at < 0)
            {
                like.Add(node);
                continue;
            }

            (Node stays, Node goes) = context.IsKept(node) && !context.IsKept(like[at]) ? (node, like[at]) : (like[at], node);
            like[at] = stays;
            if (context.IsKept(goes) && context.Users(goes).Count == 0)
            {
                context.Decline(goes, $"is the same as '{stays.Name}', but both are outputs");
                continue;
            }

            var patch = new Patch($"{Name}: {goes.Name} (is {stays.Name})");
            int outputs = Math.Max(1, OpCatalogue.Find(node.Op.Name)!.OutputTypes(node.Attributes).Count);
            for (int port = 0; port < outputs; port++)
                patch.Replace(new Value(goes, port), new Value(stays, port));
            yield return context.IsKept(goes) ? patch : patch.Remove(goes);
        }
    }

    /// <summary>Whether two nodes with the same key are the same: the key holds only the beginning of large constants.</summary>
    private static bool HasSameTensor(Node a, Node b)
    {
        if (a.Op != "Const" || a.Attributes["value"] is not TensorAttr { Value: var x } || b.Attributes["value"] is not TensorAttr { Value: var y } || x.ElementCount <= KeyText.MaxElements)
            return true;
        if (x.DType == DType.String)
            return Enumerable.Range(0, x.Strings.Length).All(i => x.Strings[i].Span.SequenceEqual(y.Strings[i].Span));
        return x.Data.SequenceEqual(y.Data);
    }

    private static string Key(Node node)
    {
        var text = new StringBuilder(node.Op.ToString()).Append('(');
        List<Value> inputs = [.. node.Inputs];
        if (inputs.Count >= 2 && OpCatalogue.Find(node.Op.Name) is { IsCommutative: true } && string.CompareOrdinal(inputs[0].ToString(), inputs[1].ToString()) > 0)
            (inputs[0], inputs[1]) = (inputs[1], inputs[0]);
        foreach (Value input in inputs)
            text.Value(input).Append(' ');
        foreach (string before in node.ControlInputs.Select(n => n.Name).Order(StringComparer.Ordinal))
            text.Append('^').Name(before).Append(' ');
        foreach ((string name, AttrValue value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            // Attributes that begin with an underscore are remarks of whoever made the graph.
            if (name.StartsWith('_'))
                continue;
            if (node.Op == "Const" && value is TensorAttr { Shape: var shape } tensor && (!shape.TryElementCount(out long count) || count > KeyText.MaxElements))
                text.Append(tensor.DType).Append(shape).Append(Beginning(tensor.Value));
            else
                text.Attributes(new AttributeMap { { name, value } }, KeyText);
        }

        return text.Append(node.Device).ToString();
    }

    private static string Beginning(Tensor tensor)
    {
        const int Length = 64;
        if (tensor.DType == DType.String)
            return Convert.ToHexString(tensor.Strings[0].Span[..Math.Min(Length, tensor.Strings[0].Length)]);
        byte[] first = new byte[Math.Min(Length, tensor.Data.Length)];
        tensor.Data.Read(first);
        return Convert.ToHexString(first);
    }
}
