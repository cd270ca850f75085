using Decant.IR;

namespace Decant.Tests.Ops.Parsing;

public sealed class TensorProtoTests
{
    public static TheoryData<Tensor> Tensors => [Tensor.Wrap([1f, -2], new Shape(2, 1)), Tensor.Scalar(7L), Tensor.FromStrings(["a", ""]), Tensor.Wrap([true, false]), Tensor.Wrap(Array.Empty<double>())];

    [Theory]
    [MemberData(nameof(Tensors))]
    public void A_tensor_that_is_serialized_and_parsed_is_the_same(Tensor tensor)
    {
        Tensor serialized = OneNode.Single("SerializeTensor", new AttributeMap { { "T", tensor.DType } }, tensor);
        Tensor back = OneNode.Single("ParseTensor", new AttributeMap { { "out_type", tensor.DType } }, serialized);
        Assert.Null(Decant.TestKit.TensorComparison.Difference(back, tensor, 0, 0));
    }

    [Fact]
    public void The_bytes_are_those_of_the_message()
    {
        // dtype int32 (field 1), shape of one dimension of 2 (field 2), tensor_content (field 4).
        Tensor serialized = OneNode.Single("SerializeTensor", new AttributeMap { { "T", DType.Int32 } }, Tensor.Wrap([1, 2]));
        Assert.Equal("08031204120208022208" + "0100000002000000", Convert.ToHexString(serialized.Strings[0].Span));
        Tensor typed = new(Shape.Scalar, [Convert.FromHexString("0803" + "12041202" + "0803" + "3A0105")]);
        Assert.Equal([5d, 5, 5], OneNode.Numbers(OneNode.Single("ParseTensor", new AttributeMap { { "out_type", DType.Int32 } }, typed)));
    }

    [Fact]
    public void Another_type_and_damaged_bytes_are_located_errors()
    {
        Tensor serialized = OneNode.Single("SerializeTensor", new AttributeMap { { "T", DType.Int32 } }, Tensor.Wrap([1, 2]));
        Assert.Contains("parses int32[2], expected float32", OneNode.Fault("ParseTensor", new AttributeMap { { "out_type", DType.Float32 } }, serialized), StringComparison.Ordinal);
        Tensor cut = new(Shape.Scalar, [serialized.Strings[0].ToArray()[..^3]]);
        Assert.Contains("offset 8: field 4 says it has 8 bytes", OneNode.Fault("ParseTensor", new AttributeMap { { "out_type", DType.Int32 } }, cut), StringComparison.Ordinal);
    }
}
