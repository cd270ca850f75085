namespace Decant.Wire;

/// <summary>The kinds of fault that containers of bytes have.</summary>
public static class WireErrors
{
    public static readonly ErrorCode Truncated = new("truncated", "A length points beyond the end of the file or of its enclosing message.");
    public static readonly ErrorCode BadProtobuf = new("bad-protobuf", "The bytes are not a protobuf message of the expected kind.");
    public static readonly ErrorCode BadProtobufText = new("bad-protobuf-text", "A text is not protobuf's text form of the expected message.");
    public static readonly ErrorCode BadJson = new("bad-json", "A text is not JSON, or not the JSON form of the expected message.");
    public static readonly ErrorCode BadYaml = new("bad-yaml", "A text is not the YAML that Keras writes: block and flow collections of texts and numbers, without objects of Python.");
    public static readonly ErrorCode TooDeep = new("too-deep", "Messages are nested deeper than the limit.");
    public static readonly ErrorCode SnappyMalformed = new("snappy-malformed", "A Snappy block is cut off, copies from before its start, or unpacks to more than it says or than is allowed.");
    public static readonly ErrorCode TableMalformed = new("table-malformed", "A sorted string table (a checkpoint index or V1 checkpoint) breaks the layout: footer, block handle, entry or key order.");
    public static readonly ErrorCode TableChecksum = new("table-checksum", "A block of a sorted string table does not have the checksum stored with it: the file is damaged.");
    public static readonly ErrorCode TableNotRecognized = new("table-not-recognized", "A file that should be a sorted string table does not end as one.");
    public static readonly ErrorCode RecordMalformed = new("record-malformed", "A TFRecord file is cut off, has a record longer than is allowed, or cannot be unpacked.");
    public static readonly ErrorCode RecordChecksum = new("record-checksum", "A record or its length does not have the checksum stored with it: the file is damaged or is no TFRecord file.");
    public static readonly ErrorCode NpyMalformed = new("npy-malformed", "A .npy file breaks the layout: magic, header, or number of bytes.");
    public static readonly ErrorCode NpyUnsupported = new("npy-unsupported", "A .npy file holds elements that no tensor has (objects, records, dates), or a tensor has elements that numpy has not.");
    public static readonly ErrorCode ArchiveMalformed = new("archive-malformed", "A tar archive is cut off, has a wrong header checksum, or cannot be unpacked.");
    public static readonly ErrorCode ArchiveUnsafe = new("archive-unsafe", "A tar archive holds what no model needs and an attack might: an absolute path, '..', a link, a device, a name twice.");
    public static readonly ErrorCode ArchiveTooLarge = new("archive-too-large", "A tar archive unpacks to more bytes or entries than is allowed.");
    public static readonly ErrorCode BadAudio = new("bad-audio", "A sound file is no WAV file of 16-bit PCM, or is cut off.");
    public static readonly ErrorCode BadImage = new("bad-image", "An image file (JPEG, PNG, GIF, BMP) is malformed, cut off, larger than allowed, or of a kind that is not read.");

    public static readonly ErrorCode BadFlatBuffer = new("bad-flatbuffer", "A FlatBuffer (a TensorFlow Lite model) or FlexBuffer has an offset, length or count that does not fit its bytes.");
    public static readonly ErrorCode FlatBufferTooLarge = new("flatbuffer-too-large", "A FlatBuffer would pass 2 GB, which its offsets cannot reach.");

    public static readonly ErrorCode Hdf5Malformed = new("hdf5-malformed", "An HDF5 file (Keras's .h5) breaks the layout: a signature, an address, a count, a chunk or a checksum.");
    public static readonly ErrorCode Hdf5Unsupported = new("hdf5-unsupported", "An HDF5 file uses a structure, filter or type that Decant does not read.");
    public static readonly ErrorCode Hdf5TooLarge = new("hdf5-too-large", "A structure of an HDF5 file is larger than is allowed, or its values unpack to more.");

    /// <summary>All codes of this class, for the generated page.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        Truncated, BadProtobuf, BadProtobufText, BadJson, BadYaml, TooDeep, SnappyMalformed, TableMalformed, TableChecksum, TableNotRecognized, RecordMalformed,
        RecordChecksum, NpyMalformed, NpyUnsupported, ArchiveMalformed, ArchiveUnsafe, ArchiveTooLarge, BadAudio, BadImage,
        BadFlatBuffer, FlatBufferTooLarge, Hdf5Malformed, Hdf5Unsupported, Hdf5TooLarge,
    ];
}
