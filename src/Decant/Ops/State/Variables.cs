using Decant.IR;

namespace Decant.Ops.State;

/// <summary>A TF1 variable: its output is a reference, which reads as the value that the variable has at that moment.</summary>
internal sealed class RefVariable(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), context.Attributes.Shape("shape"));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        Shape shape = request.Attributes.Shape("shape");
        string variable = ResourceName.Of(request) ?? request.Node.Name;
        return Kernel.Of(context => context.SetOutput(0, context.Resources.GetOrAdd(variable, () => new Variable(variable, dtype, shape))));
    }
}

/// <summary>A reference to a variable of one run, which lives until <c>DestroyTemporaryVariable</c> reads it.</summary>
internal sealed class TemporaryVariable() : Op("TemporaryVariable"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), context.Attributes.Shape("shape"));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        Shape shape = request.Attributes.Shape("shape");
        return Kernel.Of(context => context.SetOutput(0, new Variable(context.Node.Name, dtype, shape)));
    }
}

/// <summary>The last value of a temporary variable.</summary>
internal sealed class DestroyTemporaryVariable() : Op("DestroyTemporaryVariable"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("T"), context.Shape(0));

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context => context.SetOutput(0, context.Input(0)));
}

/// <summary>A handle to a variable.</summary>
internal sealed class VarHandleOp() : Op("VarHandleOp"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(
        0, new Fact(DType.Resource, Shape.Scalar, Handle: new Fact(context.Attributes.Type("dtype"), context.Attributes.Shape("shape"))));

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        Shape shape = request.Attributes.Shape("shape");
        string? name = ResourceName.Of(request);
        if (name is null)
            return Kernel.Of(context => context.SetOutput(0, ResourceName.Handle(new Variable(context.Node.Name, dtype, shape))));
        return new NamedHandle(name, dtype, shape);
    }

    /// <summary>Finds the variable in the first run.</summary>
    private sealed class NamedHandle(string name, DType dtype, Shape shape) : Kernel
    {
        private Tensor? _handle;

        public override void Run(KernelContext context) =>
            context.SetOutput(0, _handle ??= ResourceName.Handle(context.Resources.GetOrAdd(name, () => new Variable(name, dtype, shape))));
    }
}

/// <summary>The value of a variable.</summary>
internal sealed class ReadVariableOp() : Op("ReadVariableOp"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Attributes.Type("dtype"), context.Input(0).Handle?.Shape ?? Shape.Unknown);

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("dtype");
        return Kernel.Of(context =>
        {
            Tensor value = context.Resource<Variable>(0, "a variable").Read(context);
            if (value.DType != dtype)
                throw context.Fail($"reads a variable of {value.DType.Name()}, expected {dtype.Name()}");
            context.SetOutput(0, value);
        });
    }
}

/// <summary>The dimensions of a variable's value.</summary>
internal sealed class VariableShape() : Op("VariableShape"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        DType dtype = context.Attributes.Type("out_type");
        Shape shape = context.Input(0).Handle?.Shape ?? Shape.Unknown;
        context.Set(0, shape.IsFullyKnown ? Fact.Of(Dimensions(shape, dtype)) : new Fact(dtype, shape.HasRank ? new Shape(shape.Rank) : Shape.OfRank(1)));
    }

    public Kernel Prepare(KernelRequest request)
    {
        DType dtype = request.Attributes.Type("out_type");
        return Kernel.Of(context => context.SetOutput(0, Dimensions(context.Resource<Variable>(0, "a variable").Read(context).Shape, dtype)));
    }

    private static Tensor Dimensions(Shape shape, DType dtype) =>
        dtype == DType.Int64 ? Tensor.From(shape.Dims) : Tensor.Wrap<int>([.. shape.Dims.ToArray().Select(d => (int)Math.Min(d, int.MaxValue))]);
}

/// <summary>Whether a variable, by handle or by reference, has a value.</summary>
internal sealed class IsInitialized(string name, bool byHandle) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.Bool, Shape.Scalar);

    public Kernel Prepare(KernelRequest request) => Kernel.Of(context =>
    {
        Variable variable = byHandle ? context.Resource<Variable>(0, "a variable") : context.InputVariable(0);
        context.SetOutput(0, Tensor.Scalar(variable.Value is not null));
    });
}

/// <summary>Takes away a variable's value; what else a handle stands for is left to the session.</summary>
internal sealed class DestroyResourceOp() : Op("DestroyResourceOp"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
    }

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static context =>
    {
        if (context.Resource<object>(0, "a resource") is Variable variable)
            variable.Value = null;
    });
}

/// <summary>Advice to the runtime about a variable; nothing to do.</summary>
internal sealed class DisableCopyOnRead() : Op("DisableCopyOnRead"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
    }

    public Kernel Prepare(KernelRequest request) => Kernel.Of(static _ => { });
}
