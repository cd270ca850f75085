using System.Text;

namespace Decant.Ops.Text;

/// <summary>The ops between strings and the code points of their characters.</summary>
internal static class UnicodeOps
{
    public static Op UnicodeDecode => new UnicodeDecode("UnicodeDecode", withOffsets: false);
    public static Op UnicodeDecodeWithOffsets => new UnicodeDecode("UnicodeDecodeWithOffsets", withOffsets: true);
    public static Op UnicodeEncode => new UnicodeEncode();
    public static Op UnicodeTranscode => new StringOp("UnicodeTranscode", Transcode);

    private static Func<KernelContext, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Transcode(KernelRequest request)
    {
        UnicodeCoding.Decoder decode = UnicodeCoding.DecoderOf(request);
        Action<List<byte>, int> encode = UnicodeCoding.EncoderOf(request);
        UnicodeErrors errors = UnicodeErrors.Of(request);
        return (context, text) =>
        {
            var bytes = new List<byte>(text.Length);
            for (int at = 0, length; at < text.Length; at += length)
            {
                if (errors.Resolve(context, decode(text.Span[at..], out length)) is { } codePoint)
                    encode(bytes, codePoint);
            }

            return bytes.ToArray();
        };
    }
}

/// <summary>The code points of all strings one after another, where those of each string start, and the byte at which each starts.</summary>
internal sealed class UnicodeDecode(string name, bool withOffsets) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        bool known = context.Shape(0).TryElementCount(out long count);
        context.Set(0, context.Attributes.Type("Tsplits"), new Shape(known ? count + 1 : Shape.UnknownDimension));
        context.Set(1, DType.Int32, Shape.OfRank(1));
        if (withOffsets)
            context.Set(2, DType.Int64, Shape.OfRank(1));
    }

    public Kernel Prepare(KernelRequest request)
    {
        UnicodeCoding.Decoder decode = UnicodeCoding.DecoderOf(request);
        UnicodeErrors errors = UnicodeErrors.Of(request);
        bool wide = request.Attributes.Type("Tsplits") == DType.Int64;
        return Kernel.Of(context =>
        {
            Tensor input = context.StringInput(0);
            var codePoints = new List<int>();
            var starts = new List<long>();
            var splits = new List<long> { 0 };
            foreach (ReadOnlyMemory<byte> text in input.Strings)
            {
                for (int at = 0, length; at < text.Length; at += length)
                {
                    if (errors.Resolve(context, decode(text.Span[at..], out length)) is not { } codePoint)
                        continue;
                    codePoints.Add(codePoint);
                    starts.Add(at);
                }

                splits.Add(codePoints.Count);
            }

            context.SetOutput(0, wide ? Tensor.Wrap(splits.ToArray()) : Tensor.Wrap<int>([.. splits.Select(s => (int)s)]));
            context.SetOutput(1, Tensor.Wrap(codePoints.ToArray()));
            if (withOffsets)
                context.SetOutput(2, Tensor.Wrap(starts.ToArray()));
        });
    }
}

/// <summary>Strings of the code points between row splits.</summary>
internal sealed class UnicodeEncode() : Op("UnicodeEncode"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.String, new Shape(context.Shape(1) is { Rank: 1 } splits && splits[0] > 0 ? splits[0] - 1 : Shape.UnknownDimension));

    public Kernel Prepare(KernelRequest request)
    {
        Action<List<byte>, int> encode = UnicodeCoding.EncoderOf(request);
        UnicodeErrors errors = UnicodeErrors.Of(request);
        return Kernel.Of(context =>
        {
            if (context.Input(0) is not { DType: DType.Int32 } input)
                throw context.Fail($"encodes {context.Input(0)}, expected int32 code points");
            ReadOnlySpan<int> codePoints = input.Span<int>();
            long[] splits = context.Ints(1);
            if (splits.Length == 0 || splits[0] != 0 || splits[^1] != codePoints.Length)
                throw context.Fail($"splits are {context.Input(1)}, expected to run from 0 to {codePoints.Length}");
            var strings = new ReadOnlyMemory<byte>[splits.Length - 1];
            for (int i = 0; i < strings.Length; i++)
            {
                if (splits[i + 1] < splits[i] || splits[i + 1] > codePoints.Length)
                    throw context.Fail($"split {i + 1} is {splits[i + 1]} after {splits[i]}, expected them to rise to {codePoints.Length}");
                var bytes = new List<byte>();
                foreach (int given in codePoints[(int)splits[i]..(int)splits[i + 1]])
                {
                    if (errors.Resolve(context, IsCharacter(given) ? given : Utf8.Invalid) is { } codePoint)
                        encode(bytes, codePoint);
                }

                strings[i] = bytes.ToArray();
            }

            context.SetOutput(0, new Tensor(new Shape(strings.Length), strings));
        });
    }

    /// <summary>Whether a code point may stand for a character: no surrogate and none of Unicode's 66 noncharacters.</summary>
    private static bool IsCharacter(int codePoint) => Rune.IsValid(codePoint) && codePoint is not (>= 0xFDD0 and <= 0xFDEF) && (codePoint & 0xFFFE) != 0xFFFE;
}
