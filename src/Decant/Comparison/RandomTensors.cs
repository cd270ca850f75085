using Decant.IR;
using Decant.Passes;

namespace Decant.Comparison;

/// <summary>Seeded inputs for models for which no data is at hand.</summary>
public static class RandomTensors
{
    /// <summary>Small enough to be an index into most vocabularies.</summary>
    internal const int IntegerLimit = 8;

    /// <summary>An input of more elements is no example of anything, but what a damaged file declares: 64 million.</summary>
    private const long MostElements = 1 << 26;

    /// <summary>
    /// Gives random values to the inputs that are needed for some outputs and are not given, but for those that have a value of their
    /// own (<c>PlaceholderWithDefault</c>).
    /// </summary>
    /// <exception cref="ModelException">There is no such output, or an input's rank or type says too little.</exception>
    public static void Complete(Dictionary<string, Tensor> inputs, SignatureView view, IEnumerable<string> outputs, Random random)
    {
        HashSet<Node> given = [.. inputs.Keys.Select(i => view.Resolve(i, isInput: true).Node)];
        HashSet<Node> needed = Reach.Backward(outputs.Select(o => view.Resolve(o, isInput: false).Node), given);
        foreach (SignatureTensor input in view.Inputs)
        {
            if (view.Resolve(input.Name, isInput: true).Node is { Op.Name: not "PlaceholderWithDefault" } node && needed.Contains(node) && !given.Contains(node))
                inputs[input.Name] = For(input, random);
        }
    }

    /// <summary>
    /// A tensor for an input: floats uniform in [0, 1), integers in [0, 8), bools; unknown dimensions are 1.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <param name="random">Makes the values.</param>
    /// <param name="integerLimit">Integers are smaller than this, but for uint8, which are images.</param>
    /// <exception cref="ModelException">The input's rank or type says too little (strings, resources), or it has more than 64 million elements.</exception>
    public static Tensor For(SignatureTensor input, Random random, int integerLimit = IntegerLimit)
    {
        if (!input.Shape.HasRank)
            throw CompareErrors.NoRandomInput.At(new Location(Node: input.Tensor), $"the input '{input.Name}' has no known rank, so no random value can be made", $"give it a value: --input {input.Name}=FILE.npy");
        var shape = new Shape([.. input.Shape.Dims.ToArray().Select(d => Math.Max(d, 1))]);
        if (!shape.TryElementCount(out long count) || count > MostElements)
            throw CompareErrors.NoRandomInput.At(new Location(Node: input.Tensor), $"the input '{input.Name}' is {input.DType.Name()}{shape}, expected at most {MostElements} elements for a random value", $"give it a value: --input {input.Name}=FILE.npy");
        return input.DType.Deref() switch
        {
            DType.Float32 => Make(shape, count, () => random.NextSingle()),
            DType.Float64 => Make(shape, count, random.NextDouble),
            DType.Float16 => Make(shape, count, () => (Half)random.NextSingle()),
            DType.BFloat16 => Make(shape, count, () => (BFloat16)random.NextSingle()),
            DType.Int32 => Make(shape, count, () => random.Next(integerLimit)),
            DType.Int64 => Make(shape, count, () => (long)random.Next(integerLimit)),
            DType.Int16 => Make(shape, count, () => (short)random.Next(integerLimit)),
            DType.UInt16 => Make(shape, count, () => (ushort)random.Next(integerLimit)),
            DType.Int8 => Make(shape, count, () => (sbyte)random.Next(integerLimit)),
            DType.UInt8 => Make(shape, count, () => (byte)random.Next(256)),
            DType.UInt32 => Make(shape, count, () => (uint)random.Next(integerLimit)),
            DType.UInt64 => Make(shape, count, () => (ulong)random.Next(integerLimit)),
            DType.Bool => Make(shape, count, () => random.Next(2) == 1),
            DType.Complex64 => Make(shape, count, () => new Complex64(random.NextSingle(), random.NextSingle())),
            _ => throw CompareErrors.NoRandomInput.At(new Location(Node: input.Tensor), $"the input '{input.Name}' is {input.DType.Name()}, for which no random value can be made", $"give it a value: --input {input.Name}=FILE.npy"),
        };
    }

    private static Tensor Make<T>(Shape shape, long count, Func<T> next)
        where T : unmanaged
    {
        T[] elements = new T[count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = next();
        return Tensor.Wrap(elements, shape);
    }
}
