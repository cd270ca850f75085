using Decant.IR;
using Decant.Ops.Catalogue;

namespace Decant.Ops;

/// <summary>Gives a node the attributes that follow from its inputs: their types, and how many there are.</summary>
internal static class InputTypes
{
    public static void Complete(Node node)
    {
        if (OpCatalogue.Find(node.Op.Name) is not { } op)
            return;
        int others = op.Inputs.Count(a => a.NumberAttr is null && a.TypeListAttr is null);
        int at = 0;
        foreach (ArgDef arg in op.Inputs)
        {
            int count = arg.NumberAttr is null && arg.TypeListAttr is null ? 1 : node.Inputs.Count - others;
            if (arg.NumberAttr is { } number && !node.Attributes.Contains(number))
                node.Attributes.Set(number, count);
            if (arg.TypeListAttr is { } list && !node.Attributes.Contains(list))
                node.Attributes.Set(list, new ListAttr { Types = [.. Enumerable.Range(at, count).Select(i => TypeOf(node, i))] });
            if (arg.TypeAttr is { } type && !node.Attributes.Contains(type) && at < node.Inputs.Count)
                node.Attributes.Set(type, TypeOf(node, at));
            at += count;
        }
    }

    private static DType TypeOf(Node node, int input) => node.Inputs[input].Node.Fact(node.Inputs[input].Port).DType;
}
