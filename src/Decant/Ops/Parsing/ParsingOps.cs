using System.Text;
using Decant.Ops.Text;

namespace Decant.Ops.Parsing;

/// <summary>The ops that decode messages, records and files.</summary>
internal static class ParsingOps
{
    public static Op DecodeCSV => new DecodeCsv();
    public static Op DecodeCompressed => new StringOp("DecodeCompressed", Compressed.Prepare);
    public static Op DecodeJSONExample => new StringOp("DecodeJSONExample", _ => JsonExample.Encode);
    public static Op DecodePaddedRaw => new DecodePaddedRaw();
    public static Op DecodeRaw => new DecodeRaw();
    public static Op MergeV2Checkpoints => new Refused("MergeV2Checkpoints");
    public static Op ParseExample => new ParseExample("ParseExample");
    public static Op ParseExampleV2 => new ParseExample("ParseExampleV2");
    public static Op ParseSequenceExample => new ParseSequenceExample("ParseSequenceExample");
    public static Op ParseSequenceExampleV2 => new ParseSequenceExample("ParseSequenceExampleV2");
    public static Op ParseSingleExample => new ParseExample("ParseSingleExample");
    public static Op ParseSingleSequenceExample => new ParseSequenceExample("ParseSingleSequenceExample");
    public static Op ParseTensor => new ParseTensor();
    public static Op ReadFile => new StringOp("ReadFile", _ => (context, name) => FileBytes.Read(context, Encoding.UTF8.GetString(name.Span)));
    public static Op Restore => new Restore("Restore");
    public static Op RestoreSlice => new Restore("RestoreSlice");
    public static Op RestoreV2 => new RestoreV2();
    public static Op Save => new Refused("Save");
    public static Op SaveSlices => new Refused("SaveSlices");
    public static Op SaveV2 => new Refused("SaveV2");
    public static Op SerializeTensor => new SerializeTensor();
    public static Op ShardedFilename => new ShardedName("ShardedFilename", (name, shard, count) => $"{name}-{shard:00000}-of-{count:00000}");
    public static Op ShardedFilespec => new ShardedName("ShardedFilespec", (name, _, count) => $"{name}-?????-of-{count:00000}");
    public static Op WriteFile => new Refused("WriteFile");
}
