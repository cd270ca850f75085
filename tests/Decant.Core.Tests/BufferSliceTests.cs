namespace Decant.Core.Tests;

public class BufferSliceTests
{
    [Fact]
    public void Slices_are_compared_byte_by_byte_in_files_and_in_memory()
    {
        byte[] bytes = new byte[600_000];
        new Random(1).NextBytes(bytes);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        try
        {
            using MappedFile file = MappedFile.Open(path);
            BufferSlice memory = new(bytes), other = new([.. bytes]);
            Assert.True(file.Bytes.SequenceEqual(memory));
            Assert.True(memory.SequenceEqual(other));
            Assert.True(memory.Slice(5, 100).SequenceEqual(file.Bytes.Slice(5, 100)));
            Assert.False(memory.SequenceEqual(other.Slice(1)));
            Assert.False(memory.Slice(0, 100).SequenceEqual(other.Slice(1, 100)));
            bytes[^1] ^= 1;
            Assert.False(file.Bytes.SequenceEqual(memory));
            Assert.True(default(BufferSlice).SequenceEqual(memory.Slice(0, 0)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Pages_that_were_forgotten_are_read_again()
    {
        byte[] bytes = new byte[600_000];
        new Random(2).NextBytes(bytes);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        try
        {
            using MappedFile file = MappedFile.Open(path);
            Assert.Equal(bytes, file.Bytes.ToArray());
            file.Forget();
            Assert.Equal(bytes, file.Bytes.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
