namespace Decant.Wire.Hdf5;

/// <summary>A dataspace: the dimensions of a dataset or attribute. A null dataspace has no elements.</summary>
internal static class Hdf5Space
{
    public static Shape Read(Hdf5Fields fields)
    {
        byte version = fields.Version(1, 2);
        byte rank = fields.Byte();
        fields.Skip(1);
        byte kind = fields.Byte();
        if (version == 1)
            fields.Skip(4);
        if (rank > Hdf5Limits.Rank)
            throw fields.Malformed($"a dataspace has {rank} dimensions, and {Hdf5Limits.Rank} are the most");
        if (version == 2 && kind == 2)
            return new Shape(0);
        long[] dims = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            ulong dim = fields.Length();
            if (dim > long.MaxValue)
                throw fields.Malformed($"dimension {i} is {dim}");
            dims[i] = (long)dim;
        }

        return new Shape(dims);
    }
}
