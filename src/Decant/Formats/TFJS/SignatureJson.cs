using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Formats.MetaGraph;
using Decant.IR;
using Decant.Wire.Json;
using Decant.Wire.Protobuf;
using Decant.Wire.Protobuf.Json;

namespace Decant.Formats.TFJS;

/// <summary>A signature of <c>model.json</c>: a SignatureDef whose resources have numbers.</summary>
/// <param name="Inputs">The inputs that are fed.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="Resources">The tensors that are the handles of tables, by their numbers.</param>
internal sealed record SignatureJson(IReadOnlyList<SignatureTensor> Inputs, IReadOnlyList<SignatureTensor> Outputs, IReadOnlyDictionary<long, string> Resources)
{
    public static SignatureJson? Read(BufferSlice json, ICollection<string> unknown)
    {
        if (json.IsEmpty)
            return null;
        byte[] signature = ProtoJsonReader.Read(TensorFlowSchema.Message("SignatureDef"), json, unknown);
        unknown.Remove("TensorInfo.resourceId");
        byte[] entry = ProtoWriter.ToBytes(w => w.Bytes(MetaGraphFields.MapEntry.Value, signature));
        Signature read = SignatureReader.ReadEntry(new ProtoReader(new BufferSlice(entry, json.Name)));
        Dictionary<string, long> numbers = Numbers(json);
        var resources = new Dictionary<long, string>();
        foreach (SignatureTensor tensor in read.Inputs.Concat(read.Outputs))
        {
            if (numbers.TryGetValue(tensor.Name, out long number))
                resources[number] = tensor.Tensor;
        }

        return new SignatureJson([.. read.Inputs.Where(i => !numbers.ContainsKey(i.Name))], [.. read.Outputs.Where(o => !numbers.ContainsKey(o.Name))], resources);
    }

    /// <summary>Writes a signature; resources that are among its tensors, by their names, get numbers.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<SignatureTensor> inputs, IEnumerable<SignatureTensor> outputs, IReadOnlyDictionary<string, long> numbers)
    {
        byte[] entry = ProtoWriter.ToBytes(w => SignatureWriter.WriteEntry(w, 1, new Signature("", "", [.. inputs], [.. outputs])));
        var reader = new ProtoReader(new BufferSlice(entry));
        reader.Next();
        ProtoReader inner = reader.Message();
        using var plain = new MemoryStream();
        while (inner.Next())
        {
            if (inner.Field != MetaGraphFields.MapEntry.Value)
                continue;
            using var writer = new Utf8JsonWriter(plain);
            ProtoJsonWriter.Write(TensorFlowSchema.Message("SignatureDef"), inner.Bytes(), writer);
        }

        JsonObject signature = JsonNode.Parse(plain.ToArray())!.AsObject();
        foreach ((string tensor, JsonNode? info) in signature.SelectMany(side => side.Value is JsonObject tensors ? tensors : []))
        {
            if (numbers.TryGetValue(tensor, out long number))
                info![ModelFields.ResourceId] = number;
        }

        signature.WriteTo(json);
    }

    /// <summary>
    /// Makes it the signature of the model. One without inputs, as there is none for a frozen graph, has the placeholders; types and
    /// shapes that it does not tell are the nodes'.
    /// </summary>
    public void AddTo(Model model)
    {
        if (Outputs.Count == 0)
            return;
        IReadOnlyList<SignatureTensor> inputs = Inputs.Count > 0 ? Inputs : SignatureView.Of(model).Inputs;
        model.Signatures.Add(new Signature(SignatureView.DefaultKey, "", [.. inputs.Select(i => Completed(i, model.Graph))], Outputs));
    }

    private static SignatureTensor Completed(SignatureTensor tensor, Graph graph)
    {
        if (tensor.DType != DType.Invalid || !graph.TryGet(tensor.Tensor.Split(':')[0], out Node? node))
            return tensor;
        return tensor with { DType = (node.Attributes["dtype"] as TypeAttr)?.Value ?? DType.Invalid, Shape = (node.Attributes["shape"] as ShapeAttr)?.Value ?? Shape.Unknown };
    }

    // {"inputs": {"table": {"resourceId": 7}}}
    private static Dictionary<string, long> Numbers(BufferSlice json)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        string tensor = "";
        var tokens = new JsonTokens(json);
        tokens.Next();
        for (tokens.Next(); tokens.Depth > 0; tokens.Next())
        {
            if (tokens.Type != JsonTokenType.PropertyName)
                continue;
            if (tokens.Depth == 2)
                tensor = tokens.Text();
            if (tokens.Depth != 3 || tokens.Text() != ModelFields.ResourceId)
                continue;
            tokens.Next();
            if (tokens.Type != JsonTokenType.Number || !long.TryParse(tokens.Text(), out long number))
                throw tokens.Fail($"expected a number for '{ModelFields.ResourceId}', found {tokens.Shown}");
            numbers[tensor] = number;
        }

        return numbers;
    }
}
