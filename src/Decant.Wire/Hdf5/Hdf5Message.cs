namespace Decant.Wire.Hdf5;

/// <summary>One message of an object header.</summary>
internal readonly record struct Hdf5Message(Hdf5MessageType Type, byte Flags, BufferSlice Data)
{
    /// <summary>Whether the data is a reference to the message of another object.</summary>
    public bool IsShared => (Flags & 2) != 0;
}

internal enum Hdf5MessageType
{
    Nil = 0x00,
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFillValue = 0x04,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
    AttributeInfo = 0x15,
}
