using Decant.IR.Protos;
using Decant.Ops.Text;
using Decant.Wire.Protobuf;

namespace Decant.Ops.Parsing;

/// <summary>A tensor of type <c>out_type</c> from a serialized TensorProto.</summary>
internal sealed class ParseTensor() : Op("ParseTensor"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("out_type"), Shape.Unknown);

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("out_type");
        return Kernel.Of(context =>
        {
            if (context.StringInput(0) is not { ElementCount: 1 } serialized)
                throw context.Fail($"input 0 is {context.Input(0)}, expected one string");
            Tensor tensor = TensorProtoReader.Decode(new BufferSlice(serialized.Strings[0].ToArray()));
            context.SetOutput(0, tensor.DType == dtype ? tensor : throw context.Fail($"parses {tensor}, expected {dtype.Name()}"));
        });
    }
}

/// <summary>A tensor as a serialized TensorProto.</summary>
internal sealed class SerializeTensor() : Op("SerializeTensor"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.String, Shape.Scalar);

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        Tensor tensor = context.Input(0);
        byte[] bytes = ProtoWriter.ToBytes(writer => TensorProtoWriter.Write(writer, tensor));
        context.SetOutput(0, new Tensor(Shape.Scalar, [bytes]));
    });
}
