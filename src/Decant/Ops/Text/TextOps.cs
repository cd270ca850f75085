namespace Decant.Ops.Text;

/// <summary>The ops on strings.</summary>
internal static class TextOps
{
    public static Op AsString => new AsString();
    public static Op DecodeBase64 => new StringOp("DecodeBase64", _ => (context, text) => Base64.Decode(text.Span) ?? throw context.Fail("a string is not base64 of the URL-safe alphabet"));
    public static Op EncodeBase64 => new StringOp("EncodeBase64", request =>
    {
        bool pad = request.Attributes.Bool("pad");
        return (_, text) => Base64.Encode(text.Span, pad);
    });
    public static Op Fingerprint => new Fingerprint();
    public static Op ReduceJoin => new ReduceJoin();
    public static Op SdcaFprint => new StringMeasure<long>("SdcaFprint", _ => text => (long)FarmHash.Fingerprint64(text.Span));
    public static Op StringFormat => new StringFormat();
    public static Op StringJoin => new StringJoin();
    public static Op StringLength => new StringMeasure<int>("StringLength", request => request.Attributes.String("unit") == "UTF8_CHAR" ? text => Utf8.Count(text.Span) : text => text.Length);
    public static Op StringLower => new StringOp("StringLower", request => LetterCase.Prepare(request, upper: false));
    public static Op StringNGrams => new StringNGrams();
    public static Op StringSplit => new StringSplit("StringSplit", isV2: false);
    public static Op StringSplitV2 => new StringSplit("StringSplitV2", isV2: true);
    public static Op StringStrip => new StringOp("StringStrip", _ => (_, text) => text.Trim(" \t\n\v\f\r"u8));
    public static Op StringToHashBucket => new StringMeasure<long>("StringToHashBucket", request => Bucket(request, StringHashes.Murmur));
    public static Op StringToHashBucketFast => new StringMeasure<long>("StringToHashBucketFast", request => Bucket(request, FarmHash.Fingerprint64));
    public static Op StringToHashBucketStrong => new StringMeasure<long>("StringToHashBucketStrong", request =>
    {
        long[] key = [.. request.Attributes.Ints("key")];
        return key.Length == 2 ? Bucket(request, text => StringHashes.Sip(text, (ulong)key[0], (ulong)key[1]))
            : throw request.Fail($"the key has {key.Length} numbers, expected 2");
    });
    public static Op StringToNumber => new StringToNumber();
    public static Op StringUpper => new StringOp("StringUpper", request => LetterCase.Prepare(request, upper: true));
    public static Op Substr => new Substr();
    public static Op UnsortedSegmentJoin => new UnsortedSegmentJoin();

    private delegate ulong Hash(ReadOnlySpan<byte> text);

    private static Func<ReadOnlyMemory<byte>, long> Bucket(KernelRequest request, Hash hash)
    {
        long buckets = request.Attributes.Int("num_buckets");
        return buckets > 0 ? text => (long)(hash(text.Span) % (ulong)buckets) : throw request.Fail($"num_buckets is {buckets}, expected at least 1");
    }
}
