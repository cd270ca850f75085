namespace Decant.Ops;

/// <summary>Runs a kernel of a wide type on a narrow one: inputs are widened, outputs rounded once at the end.</summary>
internal sealed class WideningKernel(Kernel kernel, DType narrow, DType wide) : Kernel
{
    public override void Run(KernelContext context)
    {
        var widening = new Context(context, narrow, wide);
        kernel.Run(widening);
        widening.RoundOutputs();
    }

    private sealed class Context(KernelContext inner, DType narrow, DType wide) : ContextWrapper(inner)
    {
        private readonly Tensor?[] _inputs = new Tensor?[inner.InputCount];
        private readonly List<(int Port, Tensor Value)> _outputs = [];

        public override Tensor Input(int index)
        {
            Tensor input = Inner.Input(index);
            if (input.DType != narrow)
                return input;
            if (_inputs[index] is { } widened)
                return widened;
            Tensor copy = Inner.Scratch(wide, input.Shape);
            WideElements.Widen(input, copy, Inner.Pool);
            return _inputs[index] = copy;
        }

        public override Tensor Allocate(int port, DType dtype, Shape shape)
        {
            if (dtype != wide)
                return Inner.Allocate(port, dtype, shape);
            Tensor result = Inner.Scratch(dtype, shape);
            _outputs.Add((port, result));
            return result;
        }

        public override void SetOutput(int port, Tensor tensor)
        {
            if (tensor.DType == wide)
                _outputs.Add((port, tensor));
            else
                Inner.SetOutput(port, tensor);
        }

        public void RoundOutputs()
        {
            foreach ((int port, Tensor result) in _outputs)
                WideElements.Round(result, Inner.Allocate(port, narrow, result.Shape), Inner.Pool);
        }
    }
}
