using Decant.Runtime;

namespace Decant.Tests.Runtime;

public sealed class AlignedConstantsTests : IDisposable
{
    private const int FileBytes = 10 << 20;

    private readonly string _path = Path.GetTempFileName();
    private readonly MappedFile _file;

    public AlignedConstantsTests()
    {
        byte[] bytes = new byte[FileBytes];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_path, bytes);
        _file = MappedFile.Open(_path);
    }

    [Theory]
    [InlineData(3, 1024, true)]
    [InlineData(68, 1 << 20, true)]
    [InlineData(128, 1 << 20, false)]
    [InlineData(3, 512, false)]
    [InlineData(3, (1 << 20) + 4, false)]
    public void A_constant_in_a_file_is_copied_where_it_lies_badly_and_is_read_often(int offset, int length, bool isCopied)
    {
        Tensor constant = At(offset, length);
        Tensor aligned = new AlignedConstants().Of(constant);
        Assert.Equal(isCopied, !ReferenceEquals(constant, aligned));
        Assert.Equal(constant.Shape, aligned.Shape);
        Assert.Equal(constant.Data.ToArray(), aligned.Data.ToArray());
    }

    [Fact]
    public void Copies_of_one_program_take_8_MB_at_most()
    {
        var aligned = new AlignedConstants();
        Tensor[] constants = [.. Enumerable.Range(0, 9).Select(i => At((i << 20) + 1, 1 << 20))];
        Assert.Equal(8, constants.Count(c => !ReferenceEquals(c, aligned.Of(c))));
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    private Tensor At(int offset, int length) => new(DType.Float32, new Shape(length / sizeof(float)), new BufferSlice(_file, offset, length));
}
