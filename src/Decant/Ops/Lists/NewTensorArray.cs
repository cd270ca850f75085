using Decant.IR;
using Decant.Ops.State;

namespace Decant.Ops.Lists;

/// <summary>
/// Makes a TF1 array of tensors: a handle, and in version 3 a flow. Arrays that a node made in a run that has ended are used again.
/// </summary>
internal sealed class NewTensorArray(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, new Fact(DType.Resource, Shape.Unknown, Handle: new Fact(context.Attributes.Type("dtype"), context.Attributes.Shape("element_shape"))));
        if (context.Node.Op.Name == "TensorArrayV3")
            context.Set(1, DType.Float32, Shape.Scalar);
    }

    public Kernel Prepare(KernelRequest request) => new Maker(request.Attributes);

    private sealed class Maker(NodeAttributes attributes) : Kernel
    {
        /// <summary>Arrays of one run that are kept: a node in a loop makes one in each iteration.</summary>
        private const int MostKept = 8;

        private readonly DType _dtype = attributes.Type("dtype");
        private readonly Shape _shape = attributes.Shape("element_shape");
        private readonly bool _isDynamic = attributes.Bool("dynamic_size");
        private readonly bool _clearsAfterRead = attributes.Bool("clear_after_read");
        private readonly bool _sameShapes = attributes.Find("identical_element_shapes") is BoolAttr { Value: true };
        private readonly List<(Tensor Handle, TensorArray Array)> _kept = [];
        private readonly Tensor _flow = Tensor.Scalar(0f);
        private long _run = -1;
        private int _used;

        public override void Run(KernelContext context)
        {
            int size = TensorList.Checked(context, context.Int(0));
            if (_run != context.Resources.Runs)
                (_run, _used) = (context.Resources.Runs, 0);
            (Tensor handle, TensorArray array) = _used < _kept.Count ? _kept[_used] : Make();
            _used++;
            array.Begin(size);
            context.SetOutput(0, handle);
            context.SetOutput(1, _flow);
        }

        private (Tensor Handle, TensorArray Array) Make()
        {
            var array = new TensorArray(_dtype, _shape, _isDynamic, _clearsAfterRead, _sameShapes);
            (Tensor, TensorArray) made = (ResourceName.Handle(array), array);
            if (_kept.Count < MostKept)
                _kept.Add(made);
            return made;
        }
    }
}
