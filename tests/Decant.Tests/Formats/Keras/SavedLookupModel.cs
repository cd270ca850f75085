using System.Text;
using Decant.Formats.Checkpoint;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Tests.Formats.Keras;

/// <summary>Makes SavedModels as Keras 2.6 to 2.15 write them of a lookup layer: its table is an object whose function fills it.</summary>
internal static class SavedLookupModel
{
    public enum Fill
    {
        /// <summary>By constants of the main graph, which the function gets.</summary>
        Captured,

        /// <summary>By words of the main graph, and indices in the function, where Keras puts few numbers.</summary>
        Inline,

        /// <summary>As <see cref="Captured"/>, by a function that the first one calls, as in models that were loaded and saved again.</summary>
        Called,

        /// <summary>By the lines of an asset.</summary>
        File,

        /// <summary>By the checkpoint, in no order: tables of TensorFlow 2.3 to 2.5 could be written to.</summary>
        Stored,
    }

    private const string Initializer = "__inference__initializer_7", Inner = "__inference_restored_function_body_5", AssetName = "words.txt";

    /// <summary>Writes the model.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="layer">The class and options of the layer, as JSON.</param>
    /// <param name="keys">What the table finds.</param>
    /// <param name="values">What it finds for these.</param>
    /// <param name="fill">Where the file has both.</param>
    /// <param name="isNested">Whether the layer is in a model that is a layer.</param>
    public static void Write(string path, (string Class, string Options) layer, Tensor keys, Tensor values, Fill fill, bool isNested)
    {
        using var model = new Model();
        model.Graph.AddConst("Const", keys);
        model.Graph.AddConst("Const_1", values);
        Function body = Function(fill == Fill.Called ? Inner : Initializer, fill, keys, values);
        model.Functions.Add(body.Name, body);
        if (fill == Fill.Called)
        {
            Function outer = Function(Initializer, body.Args.Count);
            outer.Add("StatefulPartitionedCall", "StatefulPartitionedCall", [.. outer.ArgNodes.Select(a => (Value)a)], new AttributeMap { { "f", new FunctionAttr(Inner, new AttributeMap()) } });
            model.Functions.Add(outer.Name, outer);
        }

        // Root, model inside if there is one, layer, lookup layer inside if there is one, its table, the function, what it reads.
        var objects = new List<(string Kind, string Value, (string Name, int Node)[] Children)> { ("", "", [("layer-0", 1)]) };
        string description = $$$"""{"class_name": "{{{layer.Class}}}", "name": "words", "config": {"name": "words", "vocabulary": null, {{{layer.Options}}}}}""";
        var metadata = new List<string>();
        string type = keys.DType == DType.String ? "string" : "int64";
        string input = $$$"""{"class_name": "InputLayer", "config": {"name": "x", "batch_input_shape": [null], "dtype": "{{{type}}}"}}""";
        string sequential = $$$"""{"class_name": "Sequential", "name": "inner", "config": {"name": "inner", "layers": [{{{input}}}, {{{description}}}]}}""";
        metadata.Add($$$"""{"class_name": "Sequential", "name": "m", "keras_version": "2.11.0", "backend": "tensorflow", "config": {"name": "m", "layers": [{{{input}}}, {{{(isNested ? sequential : description)}}}]}}""");
        if (isNested)
        {
            metadata.Add(sequential);
            objects.Add(("", "", [("layer-0", 2)]));
        }

        metadata.Add(description);
        if (layer.Class == "TextVectorization")
            objects.Add(("", "", [(fill == Fill.Stored ? "_index_lookup_layer" : "_lookup_layer", objects.Count + 1)]));
        int table = objects.Count + 1;
        objects.Add(("", "", [(fill == Fill.Stored ? "_table" : "lookup_table", table)]));
        objects.Add(("", "", fill == Fill.Stored ? [] : [("_initialize", table + 1)]));
        objects.Add(("function", Initializer, []));
        objects.Add(fill == Fill.File ? ("asset", "", []) : ("constant", "Const", []));
        objects.Add(("constant", "Const_1", []));
        int[] bound = fill is Fill.File or Fill.Inline ? [table, table + 2] : [table, table + 2, table + 3];
        model.TensorFlow.ObjectGraph = new BufferSlice(ObjectGraph(objects, bound), null);
        if (fill == Fill.File)
        {
            model.TensorFlow.Assets.Add(new AssetFileDef("Const:0", AssetName, new BufferSlice(ProtoWriter.ToBytes(writer => writer.String(2, AssetName)), null)));
            model.TensorFlow.Files.Add(new ModelFile($"assets/{AssetName}", new BufferSlice(Encoding.UTF8.GetBytes(string.Join("\r\n", keys.Strings.ToArray().Select(w => Encoding.UTF8.GetString(w.Span))) + "\n"), null)));
        }

        model.TensorFlow.Files.Add(new ModelFile("keras_metadata.pb", new BufferSlice(Metadata(metadata), null)));
        model.Save(path, "saved_model");
        Directory.CreateDirectory(Path.Combine(path, "variables"));
        using var checkpoint = CheckpointWriter.Create(Path.Combine(path, "variables", "variables"));
        const string Key = "words/_table/.ATTRIBUTES/table";
        TrackableObject[] tracked = [.. objects.Select((o, i) => new TrackableObject([.. o.Children.Select(c => new ObjectReference(c.Node, c.Name))], fill == Fill.Stored && i == table ? [new SerializedTensor("table", "table", Key)] : [], []))];
        checkpoint.Add(TrackableObjectGraph.Key, new Tensor(Shape.Scalar, [new TrackableObjectGraph(tracked).Encode()]));
        if (fill == Fill.Stored)
        {
            checkpoint.Add($"{Key}-keys", Reversed(keys));
            checkpoint.Add($"{Key}-values", Reversed(values));
        }

        checkpoint.Finish();
    }

    private static Tensor Reversed(Tensor tensor) => tensor.DType == DType.String ? Tensor.FromStrings([.. tensor.Strings.ToArray().Reverse().Select(w => Encoding.UTF8.GetString(w.Span))]) : Tensor.Wrap([.. tensor.Span<long>().ToArray().Reverse()]);

    private static Function Function(string name, int arguments)
    {
        var function = new Function(name) { IsStateful = true };
        for (int i = 0; i < arguments; i++)
            function.AddArg(new FunctionArg($"arg_{i}", i == 0 ? DType.Resource : DType.String));
        return function;
    }

    private static Function Function(string name, Fill fill, Tensor keys, Tensor values)
    {
        Function function = Function(name, fill is Fill.File or Fill.Inline ? 2 : 3);
        Value[] inputs = [.. function.ArgNodes.Select(a => (Value)a)];
        if (fill == Fill.File)
        {
            function.Add("table_init", "InitializeTableFromTextFileV2", inputs, new AttributeMap { { "key_index", -2L }, { "value_index", -1L }, { "vocab_size", -1L }, { "offset", values.Span<long>()[0] } });
            return function;
        }

        if (fill == Fill.Inline)
            inputs = [.. inputs, function.AddConst("values", values)];
        function.Add("table_init", "LookupTableImportV2", inputs, new AttributeMap { { "Tin", keys.DType }, { "Tout", values.DType } });
        return function;
    }

    private static byte[] ObjectGraph(List<(string Kind, string Value, (string Name, int Node)[] Children)> objects, int[] bound) => ProtoWriter.ToBytes(writer =>
    {
        foreach ((string kind, string value, (string, int)[] children) in objects)
        {
            writer.Begin(1);
            foreach ((string name, int node) in children)
            {
                writer.Begin(1);
                writer.Int64(1, node);
                writer.String(2, name);
                writer.End();
            }

            if (kind.Length > 0)
            {
                writer.Begin(kind switch { "asset" => 5, "function" => 6, _ => 9 });
                if (kind != "asset")
                    writer.String(1, value);
                writer.End();
            }

            writer.End();
        }

        writer.Begin(2);
        writer.String(1, Initializer);
        writer.Begin(2);
        writer.Packed(2, [.. bound.Select(b => (long)b)]);
        writer.End();
        writer.End();
    });

    private static byte[] Metadata(List<string> nodes) => ProtoWriter.ToBytes(writer =>
    {
        foreach ((int id, string json) in nodes.Index())
        {
            writer.Begin(1);
            writer.Int64(2, id);
            writer.String(5, json);
            writer.End();
        }
    });
}
