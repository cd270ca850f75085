using Decant.IR;

namespace Decant.TestKit;

/// <summary>A model of TensorFlow Lite that is one NON_MAX_SUPPRESSION_V4, or V5 when there is a sigma, on boxes and scores that are fed.</summary>
/// <param name="Boxes">How many boxes there are.</param>
/// <param name="Most">How many are asked for.</param>
/// <param name="Overlap">Boxes are dropped whose overlap with a better one is this or more.</param>
/// <param name="Least">Boxes stay whose score is larger.</param>
/// <param name="Sigma">How slowly scores fall with the overlap; 0 for not at all, null for V4.</param>
public sealed record BoxChoiceModel(int Boxes, int Most, float Overlap, float Least, float? Sigma)
{
    /// <summary>Hard and soft, fewer and more than there are boxes, with an overlap of exactly the limit, 0.5, and none that is good enough.</summary>
    public static IReadOnlyList<BoxChoiceModel> All { get; } =
    [
        new(20, 6, 0.5f, 0.1f, null), new(5, 9, 0.5f, 0.1f, null),
        new(20, 6, 0.5f, 0.1f, 0), new(5, 9, 0.5f, 0.1f, 0), new(20, 20, 0.5f, 0.1f, 0.5f), new(5, 9, 0.3f, 0.1f, 0.25f), new(20, 7, 1, 0.2f, 0.5f), new(6, 4, 0.5f, 2, 0.5f),
    ];

    /// <summary>Whether TensorFlow's ops express it.</summary>
    public bool IsHard => Sigma is null or 0;

    /// <summary>The model.</summary>
    public Model Make()
    {
        var main = new Function("main");
        Value Argument(string name, Shape shape)
        {
            Node node = main.AddArg(new FunctionArg(name, DType.Float32));
            node.Tensors = [new TensorSpec(name, DType.Float32, shape)];
            return new(node, 0);
        }

        Value Const(string name, Tensor value)
        {
            Node node = main.Add(name, new OpName(Dialect.TensorFlow, "Const"), [], new AttributeMap { { "dtype", value.DType }, { "value", value } });
            node.Tensors = [new TensorSpec(name, value.DType, Shape.Scalar) { HasRank = true }];
            return new(node, 0);
        }

        List<Value> inputs = [Argument("boxes", new Shape(Boxes, 4)), Argument("scores", new Shape(Boxes)), Const("most", Tensor.Scalar(Most)), Const("overlap", Tensor.Scalar(Overlap)), Const("least", Tensor.Scalar(Least))];
        if (Sigma is { } sigma)
            inputs.Add(Const("sigma", Tensor.Scalar(sigma)));
        Node chosen = main.Add("chosen", new OpName(Dialect.TFLite, Sigma is null ? "NON_MAX_SUPPRESSION_V4" : "NON_MAX_SUPPRESSION_V5"), [.. inputs], []);
        TensorSpec places = new("places", DType.Int32, new Shape(Most)), scores = new("best", DType.Float32, new Shape(Most)), count = new("count", DType.Int32, Shape.Scalar) { HasRank = true };
        chosen.Tensors = Sigma is null ? [places, count] : [places, scores, count];
        for (int port = 0; port < chosen.Tensors.Count; port++)
            main.Results.Add((new FunctionArg(chosen.Tensors[port].Name, chosen.Tensors[port].DType), new Value(chosen, port)));
        return new Model { Graph = main, TFLite = new TFLiteParts() };
    }

    /// <summary>Seeded inputs: the second box is half of the first, and the best of the others.</summary>
    public Dictionary<string, Tensor> Inputs()
    {
        var random = new Random(17 + Boxes);
        float[] boxes = [.. Enumerable.Range(0, Boxes).SelectMany(_ => Box(random))], scores = [.. Enumerable.Range(0, Boxes).Select(_ => random.NextSingle() * 0.9f)];
        float[] pair = [3, 3, 4, 4, 3, 3, 4, 3.5f];
        pair.CopyTo(boxes, 0);
        (scores[0], scores[1]) = (0.99f, 0.98f);
        return new() { ["boxes"] = Tensor.Wrap(boxes, new Shape(Boxes, 4)), ["scores"] = Tensor.Wrap(scores, new Shape(Boxes)) };
    }

    private static float[] Box(Random random)
    {
        (float y, float x) = (random.NextSingle(), random.NextSingle());
        return [y, x, y + 0.4f + (random.NextSingle() / 2), x + 0.4f + (random.NextSingle() / 2)];
    }
}
