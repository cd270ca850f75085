using Decant.Wire.Protobuf;

namespace Decant.Wire.Tests.Protobuf;

public class ProtoWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(1 << 20)]
    public void The_length_of_a_message_is_that_of_its_bytes(int content)
    {
        Assert.Equal(ProtoWriter.ToBytes(Write).Length, ProtoWriter.LengthOf(Write));

        void Write(ProtoWriter writer)
        {
            writer.String(1, "name");
            for (int i = 0; i < 3; i++)
            {
                writer.Begin(2);
                writer.Int64(1, i);
                writer.Bytes(2, new BufferSlice(new byte[content]));
                writer.Bytes(3, new BufferSlice(new byte[content + 1]));
                writer.End();
            }

            writer.Bool(3, true);
        }
    }
}
