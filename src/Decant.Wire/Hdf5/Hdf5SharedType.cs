namespace Decant.Wire.Hdf5;

/// <summary>A datatype that is stored once, as an object of its own, and referred to.</summary>
internal static class Hdf5SharedType
{
    public static Hdf5Type Read(Hdf5Fields reference)
    {
        byte version = reference.Version(1, 3);
        byte kind = reference.Byte();
        if (version == 1)
            reference.Skip(6);
        if (version == 3 && kind == 1)
            throw reference.Image.Unsupported(reference.FileOffset, "a datatype is stored in the heap of shared messages, which is not read");
        var header = Hdf5Header.Read(reference.Image, reference.Address(), "a named datatype");
        if (header.Find(Hdf5MessageType.Datatype) is not { IsShared: false } message)
            throw reference.Malformed("a datatype is one of another object, which has none");
        var fields = new Hdf5Fields(reference.Image, message.Data, "a named datatype");
        return Hdf5Type.Read(ref fields);
    }
}
