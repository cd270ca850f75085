using System.Text;
using Decant.Ops.Text;

namespace Decant.Ops.Parsing;

/// <summary>The ops that decode messages, records and files.</summary>
internal static class ParsingOps
{
    public static IEnumerable<Op> All =>
    [
        new StringOp("DecodeCompressed", Compressed.Prepare),
        new DecodeCsv(),
        new StringOp("DecodeJSONExample", _ => JsonExample.Encode),
        new DecodePaddedRaw(),
        new DecodeRaw(),
        new Refused("MergeV2Checkpoints"),
        new ParseExample("ParseExample"),
        new ParseExample("ParseExampleV2"),
        new ParseSequenceExample("ParseSequenceExample"),
        new ParseSequenceExample("ParseSequenceExampleV2"),
        new ParseExample("ParseSingleExample"),
        new ParseSequenceExample("ParseSingleSequenceExample"),
        new ParseTensor(),
        new StringOp("ReadFile", _ => (context, name) => FileBytes.Read(context, Encoding.UTF8.GetString(name.Span))),
        new Restore("Restore"),
        new Restore("RestoreSlice"),
        new RestoreV2(),
        new Refused("Save"),
        new Refused("SaveSlices"),
        new Refused("SaveV2"),
        new SerializeTensor(),
        new ShardedName("ShardedFilename", (name, shard, count) => $"{name}-{shard:00000}-of-{count:00000}"),
        new ShardedName("ShardedFilespec", (name, _, count) => $"{name}-?????-of-{count:00000}"),
        new Refused("WriteFile"),
    ];
}
