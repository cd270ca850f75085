using System.Text;
using Decant.Ops.Text.Regex;

namespace Decant.Ops.Text;

/// <summary>Replaces matches of a regular expression; in the replacement, \0 to \9 stand for what the pattern and its groups matched.</summary>
internal static class RegexOps
{
    public static Op RegexFullMatch => new FullMatch();
    public static Op RegexReplace => new Replacement();
    public static Op StaticRegexFullMatch => new StringMeasure<bool>("StaticRegexFullMatch", request =>
    {
        var matcher = new RegexMatcher(RegexProgram.Compile(request.Attributes.String("pattern")));
        return text => matcher.Find(text.Span, 0, whole: true) is not null;
    });
    public static Op StaticRegexReplace => new StringOp("StaticRegexReplace", request =>
    {
        var matcher = new RegexMatcher(RegexProgram.Compile(request.Attributes.String("pattern")));
        ReadOnlyMemory<byte> rewrite = request.Attributes.Bytes("rewrite");
        bool all = request.Attributes.Bool("replace_global");
        return (_, text) => Replace(matcher, text, rewrite.Span, all);
    });

    /// <summary>The text with the first match, or all, replaced; as it was when the replacement refers to a group that is not there.</summary>
    public static ReadOnlyMemory<byte> Replace(RegexMatcher matcher, ReadOnlyMemory<byte> text, ReadOnlySpan<byte> rewrite, bool all)
    {
        ReadOnlySpan<byte> input = text.Span;
        if (!IsValid(rewrite, matcher.Groups))
            return text;
        var output = new List<byte>(input.Length);
        int at = 0;
        int lastEnd = -1;
        bool replaced = false;
        while (at <= input.Length && (all || !replaced) && matcher.Find(input, at) is { } match)
        {
            output.AddRange(input[at..match[0]]);
            at = match[0];
            if (match[0] == lastEnd && match[1] == match[0])
            {
                // An empty match right behind the last one does not count: go on by a character.
                if (at == input.Length)
                    break;
                Utf8.Decode(input[at..], out int length);
                output.AddRange(input.Slice(at, length));
                at += length;
                continue;
            }

            Append(output, input, match, rewrite);
            at = lastEnd = match[1];
            replaced = true;
        }

        if (!replaced)
            return text;
        if (at < input.Length)
            output.AddRange(input[at..]);
        return output.ToArray();
    }

    private static bool IsValid(ReadOnlySpan<byte> rewrite, int groups)
    {
        for (int i = 0; i < rewrite.Length; i++)
        {
            if (rewrite[i] != '\\')
                continue;
            if (++i == rewrite.Length || rewrite[i] != '\\' && (rewrite[i] is < (byte)'0' or > (byte)'9' || rewrite[i] - '0' > groups))
                return false;
        }

        return true;
    }

    private static void Append(List<byte> output, ReadOnlySpan<byte> input, int[] match, ReadOnlySpan<byte> rewrite)
    {
        for (int i = 0; i < rewrite.Length; i++)
        {
            if (rewrite[i] != '\\' || rewrite[++i] == '\\')
            {
                output.Add(rewrite[i]);
                continue;
            }

            int group = rewrite[i] - '0';
            if (match[group * 2] >= 0)
                output.AddRange(input[match[group * 2]..match[group * 2 + 1]]);
        }
    }

    /// <summary>The matcher of a pattern that is an input, kept for as long as the pattern stays the same.</summary>
    private sealed class LatestMatcher
    {
        private byte[]? _pattern;
        private RegexMatcher? _matcher;

        public RegexMatcher Get(ReadOnlyMemory<byte> pattern)
        {
            if (_matcher is null || !pattern.Span.SequenceEqual(_pattern))
            {
                _matcher = new RegexMatcher(RegexProgram.Compile(Encoding.UTF8.GetString(pattern.Span)));
                _pattern = pattern.ToArray();
            }

            return _matcher;
        }
    }

    /// <summary>Whether the pattern matches all of each string.</summary>
    private sealed class FullMatch() : Op("RegexFullMatch"), IInfersFacts, IHasKernel
    {
        public void Infer(InferenceContext context) => context.Set(0, DType.Bool, context.Shape(0));

        public Kernel Prepare(KernelRequest request)
        {
            var latest = new LatestMatcher();
            return Kernel.Of(context =>
            {
                Tensor input = context.StringInput(0);
                RegexMatcher matcher = latest.Get(context.StringScalar(1));
                Span<bool> output = context.Output<bool>(0, input.Shape);
                for (int i = 0; i < output.Length; i++)
                    output[i] = matcher.Find(input.Strings[i].Span, 0, whole: true) is not null;
            });
        }
    }

    /// <summary>Replaces matches of a pattern that is an input.</summary>
    private sealed class Replacement() : Op("RegexReplace"), IInfersFacts, IHasKernel
    {
        public void Infer(InferenceContext context) => context.Set(0, DType.String, context.Shape(0));

        public Kernel Prepare(KernelRequest request)
        {
            var latest = new LatestMatcher();
            bool all = request.Attributes.Bool("replace_global");
            return Kernel.Of(context =>
            {
                Tensor input = context.StringInput(0);
                RegexMatcher matcher = latest.Get(context.StringScalar(1));
                ReadOnlyMemory<byte> rewrite = context.StringScalar(2);
                var strings = new ReadOnlyMemory<byte>[input.ElementCount];
                for (int i = 0; i < strings.Length; i++)
                    strings[i] = Replace(matcher, input.Strings[i], rewrite.Span, all);
                context.SetOutput(0, new Tensor(input.Shape, strings));
            });
        }
    }
}
