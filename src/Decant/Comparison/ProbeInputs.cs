using System.Text;
using Decant.IR;

namespace Decant.Comparison;

/// <summary>
/// Random inputs for a model whose inputs say little of their shapes: several sizes and ranks to try, the likely ones first.
/// Readers tell more: a convolution its channels, a matrix product its columns, a reshape its number of elements.
/// </summary>
internal static class ProbeInputs
{
    /// <summary>What a first dimension and the others are where they are not known, and the rank where that is not known.</summary>
    private static readonly (long First, long Other, int Rank)[] Sizes = [(2, 16, 1), (1, 64, 2), (1, 1, 0), (1, 8, 4), (1, 16, 3), (1, 1, 1), (1, 1, 2), (1, 224, 4)];

    private static readonly string[] Texts = ["1", "a b", ""];

    /// <summary>What integers are smaller than: the words of most vocabularies, and of all.</summary>
    private static readonly int[] IntegerLimits = [RandomTensors.IntegerLimit, 2];

    /// <summary>Feeds to try, one after the other, until the model runs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">The inputs, by the tensors of their placeholders.</param>
    /// <param name="seed">The seed of all numbers.</param>
    public static IEnumerable<Dictionary<string, Tensor>> Of(Graph graph, IReadOnlyList<SignatureTensor> inputs, int seed)
    {
        Dictionary<Node, List<(Node User, int Input)>> users = graph.Users();
        bool isOpen = inputs.Any(i => !i.Shape.IsFullyKnown || i.DType == DType.String);
        foreach (int limit in IntegerLimits.Take(inputs.Any(i => i.DType.IsInteger()) ? IntegerLimits.Length : 1))
        {
            for (int attempt = 0; attempt < (isOpen ? Sizes.Length : 1); attempt++)
            {
                var random = new Random(seed);
                yield return inputs.ToDictionary(i => i.Name, i => Value(i, graph.Tensor(i.Tensor).Node, users, attempt, limit, random));
            }
        }
    }

    private static Tensor Value(SignatureTensor input, Node node, Dictionary<Node, List<(Node User, int Input)>> users, int attempt, int integerLimit, Random random)
    {
        (long first, long other, int rank) = Sizes[attempt];
        Shape shape = input.Shape.HasRank ? input.Shape : Used(node, users, 0) ?? Shape.OfRank(rank);
        var known = new Shape([.. shape.Dims.ToArray().Select((d, i) => d >= 0 ? d : i == 0 ? first : other)]);
        if (input.DType.Deref() != DType.String)
            return RandomTensors.For(input with { Shape = known }, random, integerLimit);
        bool isSound = users.GetValueOrDefault(node)?.Exists(u => u.User.Op == "DecodeWav") ?? false;
        ReadOnlyMemory<byte> text = isSound ? Sound(random) : Encoding.UTF8.GetBytes(Texts[attempt % Texts.Length]);
        return new Tensor(isSound ? Shape.Scalar : known, [.. Enumerable.Repeat(text, isSound ? 1 : (int)known.ElementCount)]);
    }

    /// <summary>The shape that the readers of a value need, looking past what changes no shape; null when they do not tell.</summary>
    private static Shape? Used(Node node, Dictionary<Node, List<(Node User, int Input)>> users, int depth)
    {
        const int MaxDepth = 6;
        foreach ((Node user, int input) in users.GetValueOrDefault(node) ?? [])
        {
            Shape? shape = (user.Op.Name, input) switch
            {
                ("Conv2D" or "DepthwiseConv2dNative", 0) when user.Inputs[1].Node.Fact(user.Inputs[1].Port).Shape is { Rank: 4 } filter =>
                    user.Attributes["data_format"] is StringAttr { Text: "NCHW" } ? new Shape(-1, filter[2], -1, -1) : new Shape(-1, -1, -1, filter[2]),
                ("MatMul", 0) when user.Inputs[1].Node.Fact(user.Inputs[1].Port).Shape is { Rank: 2 } weights => new Shape(-1, weights[user.Attributes["transpose_b"] is BoolAttr { Value: true } ? 1 : 0]),
                ("Reshape", 0) when user.Inputs[1].Constant is { DType: DType.Int32 } sizes => new Shape(-1, Product(sizes.Span<int>())),
                ("Reshape", 0) when user.Inputs[1].Node is { Op.Name: "Pack" } pack => new Shape(-1, pack.Inputs.AsSpan().ToArray().Select(v => v.Constant is { DType: DType.Int32, ElementCount: 1 } one ? Product(one.Span<int>()) : 1).Aggregate((a, b) => a * b)),
                ("Identity" or "Cast" or "Add" or "AddV2" or "Sub" or "Mul" or "RealDiv" or "Pad" or "Relu" or "Quantize", _) when depth < MaxDepth => Used(user, users, depth + 1),
                _ => null,
            };
            if (shape is not null)
                return shape;
        }

        return null;
    }

    private static long Product(ReadOnlySpan<int> sizes)
    {
        long product = 1;
        foreach (int size in sizes)
            product *= Math.Max(1, size);
        return product;
    }

    /// <summary>A second of noise at 16 kHz: a RIFF header for one channel of 16 bits, and the samples.</summary>
    private static byte[] Sound(Random random)
    {
        const int Rate = 16_000;
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * Rate));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(2 * Rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * Rate);
        for (int i = 0; i < Rate; i++)
            writer.Write((short)random.Next(short.MinValue, short.MaxValue));
        writer.Flush();
        return stream.ToArray();
    }
}
