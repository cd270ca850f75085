using Decant.IR;
using Decant.Ops;

namespace Decant.Tests.Runtime;

/// <summary>What a model may ask for and does not get.</summary>
public sealed class RunFaultTests
{
    [Fact]
    public void An_op_without_a_kernel_is_named() => Fails(OpErrors.NoKernel, "MysteryOp", []);

    [Fact]
    public void Inputs_whose_shapes_do_not_fit_are_refused() =>
        Fails(OpErrors.BadInput, "AddV2", new AttributeMap { { "T", DType.Float32 } }, Tensor.Wrap([1f, 2f]), Tensor.Wrap([1f, 2f, 3f]));

    [Fact]
    public void A_tensor_that_no_machine_can_hold_is_refused() =>
        Fails(OpErrors.OutOfMemory, "Fill", new AttributeMap { { "T", DType.Float32 }, { "index_type", DType.Int64 } }, Tensor.Wrap([1L << 30, 1L << 30]), Tensor.Scalar(1f));

    [Fact]
    public void A_check_of_the_model_that_does_not_hold_ends_the_run()
    {
        var model = new Model();
        Node wrong = model.Graph.AddConst("wrong", Tensor.Scalar(false));
        Node check = model.Graph.Add("check", "Assert", [wrong, wrong], new AttributeMap { { "T", new ListAttr { Types = [DType.Bool] } }, { "summarize", 3 } });
        Node y = model.Graph.Add("y", "Identity", [wrong], new AttributeMap { { "T", DType.Bool } });
        y.ControlInputs.Add(check);
        using var session = new Session(model);
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor>(), ["y"])).Diagnostics[0];
        Assert.Equal((OpErrors.Asserted, "check"), (fault.Code, fault.Location?.Node));
    }

    [Fact]
    public void A_variable_that_is_read_before_it_has_a_value_is_said_to_be_uninitialized()
    {
        using var model = new Model();
        Node variable = model.Graph.Add("v", "VariableV2", [], new AttributeMap { { "dtype", DType.Float32 }, { "shape", new ShapeAttr(Shape.Scalar) } });
        model.Graph.Add("y", "Neg", [variable], new AttributeMap { { "T", DType.Float32 } });
        using var session = new Session(model);
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor>(), ["y"])).Diagnostics[0];
        Assert.Equal((OpErrors.Uninitialized, "y"), (fault.Code, fault.Location?.Node));
    }

    [Fact]
    public void More_elements_than_a_span_holds_are_a_located_error()
    {
        using var model = new Model();
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Int8 } });
        model.Graph.Add("y", "Max", [x, model.Graph.AddConst("axis", Tensor.Scalar(0))], new AttributeMap { { "T", DType.Int8 }, { "Tidx", DType.Int32 } });
        using var session = new Session(model);
        using var memory = new AlignedBuffer((1L << 31) + 64);
        var large = new Tensor(DType.Int8, new Shape(memory.Length), new BufferSlice(memory, 0, memory.Length));
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor> { ["x"] = large }, ["y"])).Diagnostics[0];
        Assert.Equal((OpErrors.BadInput, "y"), (fault.Code, fault.Location?.Node));
    }

    [Fact]
    public void A_node_whose_op_is_a_function_calls_it()
    {
        using var model = new Model();
        var function = new Function("twice");
        Node argument = function.AddArg(new FunctionArg("a", DType.Float32));
        Node sum = function.Add("sum", "Add", [argument, argument], new AttributeMap { { "T", DType.Float32 } });
        function.Results.Add((new FunctionArg("r", DType.Float32), sum));
        model.Functions.Add("twice", function);
        Node x = model.Graph.Add("x", "Placeholder", [], new AttributeMap { { "dtype", DType.Float32 } });
        model.Graph.Add("y", "twice", [x]);
        using var session = new Session(model);
        Assert.Equal(6, session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Scalar(3f) }, ["y"])["y"].Span<float>()[0]);
    }

    [Fact]
    public void The_body_of_a_function_runs_as_a_graph()
    {
        using var model = new Model();
        Node argument = model.Graph.Add("a", "_Arg", [], new AttributeMap { { "T", DType.Float32 }, { "index", 0 } });
        Node y = model.Graph.Add("y", "Neg", [argument], new AttributeMap { { "T", DType.Float32 } });
        model.Graph.Add("r", "_Retval", [y], new AttributeMap { { "T", DType.Float32 }, { "index", 0 } });
        using var session = new Session(model);
        Assert.Equal(-3, session.Run(new Dictionary<string, Tensor> { ["a"] = Tensor.Scalar(3f) })["r"].Span<float>()[0]);
    }

    private static void Fails(ErrorCode code, string op, AttributeMap attributes, params Tensor[] inputs)
    {
        var model = new Model();
        Value[] values = [.. inputs.Select((tensor, i) => (Value)model.Graph.AddConst($"x{i}", tensor))];
        model.Graph.Add("op", op, values, attributes);
        using var session = new Session(model);
        Diagnostic fault = Assert.Throws<ModelException>(() => session.Run(new Dictionary<string, Tensor>(), ["op"])).Diagnostics[0];
        Assert.Equal((code, "op"), (fault.Code, fault.Location?.Node));
    }
}
