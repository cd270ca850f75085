namespace Decant.Formats.Checkpoint;

/// <summary>Puts a box of a tensor together from the stored boxes that it overlaps.</summary>
internal static class SliceAssembly
{
    // Slices are compared pairwise; a variable is partitioned into as many as there are parameter servers.
    private const int MaxSlices = 4096;

    /// <summary>Reads <paramref name="wanted"/>, which lies within the variable.</summary>
    internal static Tensor Read(ICheckpointContents contents, CheckpointVariable variable, Box wanted)
    {
        List<(TensorSlice? Slice, Box Stored, Box Common)> parts = Parts(contents, variable, wanted);
        if (parts.Sum(p => p.Common.Count) != wanted.Count)
            throw CheckpointErrors.Slices.At(new Location(contents.Name), $"'{variable.Name}' {variable.Shape} is stored in slices that leave gaps in {wanted}: {string.Join(" and ", variable.Slices.Take(4))}", "fetch the checkpoint again, with all its shards");
        if (wanted.Count == 0 && variable.DType.HasFixedSize())
            return new Tensor(variable.DType, wanted.Shape, default(BufferSlice));
        if (parts is [var only] && Box.SingleRun(only.Stored, wanted, out long first))
            return Part(contents.ReadBlock(variable, only.Slice), first, wanted.Shape);
        return variable.DType == DType.String ? Strings(contents, variable, wanted, parts) : Elements(contents, variable, wanted, parts);
    }

    private static List<(TensorSlice? Slice, Box Stored, Box Common)> Parts(ICheckpointContents contents, CheckpointVariable variable, Box wanted)
    {
        if (variable.Slices.Count > MaxSlices)
            throw CheckpointErrors.Slices.At(new Location(contents.Name), $"'{variable.Name}' is stored in {variable.Slices.Count} slices, and at most {MaxSlices} are allowed");
        var parts = new List<(TensorSlice?, Box, Box)>();
        var boxes = new List<(TensorSlice Slice, Box Box)>();
        foreach (TensorSlice? slice in variable.Blocks)
        {
            Box box = slice is null ? Box.Of(variable.Shape) : Box.Of(slice, variable.Shape);
            foreach ((TensorSlice other, Box otherBox) in boxes)
            {
                if (box.Intersect(otherBox).Count > 0)
                    throw CheckpointErrors.Slices.At(new Location(contents.Name), $"the slices {other} and {slice} of '{variable.Name}' overlap");
            }

            if (slice is not null)
                boxes.Add((slice, box));
            if (box.Intersect(wanted) is { Count: > 0 } common)
                parts.Add((slice, box, common));
        }

        return parts;
    }

    private static Tensor Part(Tensor block, long first, Shape shape)
    {
        if (block.DType == DType.String)
            return new Tensor(shape, block.Strings.Slice((int)first, (int)shape.ElementCount).ToArray());
        int size = block.DType.Size();
        return new Tensor(block.DType, shape, block.Data.Slice(first * size, shape.ElementCount * size));
    }

    private static Tensor Strings(ICheckpointContents contents, CheckpointVariable variable, Box wanted, List<(TensorSlice? Slice, Box Stored, Box Common)> parts)
    {
        Check(contents, variable, wanted.Count);
        var strings = new ReadOnlyMemory<byte>[wanted.Count];
        foreach ((TensorSlice? slice, Box stored, Box common) in parts)
        {
            Tensor block = contents.ReadBlock(variable, slice);
            common.ForEachRun(stored, wanted, (from, to, count) => block.Strings.Slice((int)from, (int)count).CopyTo(strings.AsSpan((int)to)));
        }

        return new Tensor(wanted.Shape, strings);
    }

    private static Tensor Elements(ICheckpointContents contents, CheckpointVariable variable, Box wanted, List<(TensorSlice? Slice, Box Stored, Box Common)> parts)
    {
        int size = variable.DType.Size();
        long bytes = Tensor.ByteCount(variable.DType, wanted.Shape);
        Check(contents, variable, bytes);
        var target = new BufferSlice(new AlignedBuffer(bytes), 0, bytes);
        foreach ((TensorSlice? slice, Box stored, Box common) in parts)
        {
            BufferSlice source = contents.ReadBlock(variable, slice).Data;
            common.ForEachRun(stored, wanted, (from, to, count) =>
            {
                long at = to * size;
                source.Slice(from * size, count * size).Visit(chunk =>
                {
                    chunk.CopyTo(target.Slice(at, chunk.Length).AsMutable<byte>());
                    at += chunk.Length;
                });
            });
        }

        return new Tensor(variable.DType, wanted.Shape, target);
    }

    /// <summary>Slices that share their bytes could claim any size: a variable has at most the bytes of the files.</summary>
    private static void Check(ICheckpointContents contents, CheckpointVariable variable, long bytes)
    {
        // V1 packs small integers, of at most 8 bytes, into single ones.
        if (bytes / 8 > contents.StoredBytes)
            throw CheckpointErrors.Malformed.At(new Location(contents.Name), $"'{variable.Name}' {variable.Shape} has {bytes} bytes, and all files together have {contents.StoredBytes}");
    }
}
