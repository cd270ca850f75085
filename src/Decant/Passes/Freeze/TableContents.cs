using Decant.IR;

namespace Decant.Passes.Freeze;

/// <summary>
/// Puts the contents of asset files into the graph: a table that was filled from the lines of a file is filled from
/// constants, so that the graph needs no file. The initializer is run to learn what it fills the table with.
/// </summary>
internal static class TableContents
{
    public static void Embed(Graph graph, Model source)
    {
        foreach (Node initializer in graph.Nodes.Where(n => n.Op.Name is "InitializeTableFromTextFile" or "InitializeTableFromTextFileV2").ToList())
        {
            Node file = TableInitializers.Source(initializer.Inputs[1]).Node;
            if (file.Op != "Const" || !source.AssetPaths.TryGetValue(file.Name, out string? path))
                continue;
            (Tensor keys, Tensor values) = Read(initializer, file, path);
            initializer.Op = initializer.Op.Name.Replace("FromTextFile", "", StringComparison.Ordinal);
            initializer.Attributes = new AttributeMap { { "Tkey", keys.DType }, { "Tval", values.DType } };
            initializer.OutputNames = null;
            initializer.Inputs[1] = graph.AddConst(graph.FreeName($"{initializer.Name}/keys"), keys);
            initializer.Inputs.Add(graph.AddConst(graph.FreeName($"{initializer.Name}/values"), values));
        }
    }

    private static (Tensor Keys, Tensor Values) Read(Node initializer, Node file, string path)
    {
        const string Keys = "keys", Values = "values";
        using var model = new Model { AssetPaths = new Dictionary<string, string> { [file.Name] = path } };
        Dictionary<Node, Node> copies = Reach.Backward([initializer]).ToList().CopyTo(model.Graph);
        copies[file].Attributes["value"] = Tensor.FromStrings([path], Shape.Scalar);
        Node table = TableInitializers.Source(initializer.Inputs[0]).Node;
        string version = initializer.Op.Name.EndsWith("V2", StringComparison.Ordinal) ? "V2" : "";
        Node export = model.Graph.Add(model.Graph.FreeName("export"), $"LookupTableExport{version}", [copies[table]], new AttributeMap
        {
            { "Tkeys", table.Attributes["key_dtype"] ?? DType.String }, { "Tvalues", table.Attributes["value_dtype"] ?? DType.Int64 },
        });
        export.ControlInputs.Add(copies[initializer]);
        model.Signatures.Add(new Signature("export", "", [],
        [
            new SignatureTensor(Keys, $"{export.Name}:0", DType.Invalid, Shape.Unknown), new SignatureTensor(Values, $"{export.Name}:1", DType.Invalid, Shape.Unknown),
        ]));
        using var session = new Session(model);
        IReadOnlyDictionary<string, Tensor> found = session.Run(new Dictionary<string, Tensor>(), [Keys, Values], "export");
        return (found[Keys], found[Values]);
    }
}
