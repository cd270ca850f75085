using Decant.IR;

namespace Decant.Tests.Ops.Arrays;

public sealed class RearrangementTests
{
    /// <summary>Op, attributes, inputs, result.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], double[]> Cases => new()
    {
        { "MirrorPadGrad", new() { { "mode", "REFLECT" } }, [Tensor.Wrap([1f, 2, 4, 8, 16, 32, 64]), Tensor.Wrap([2, 2], new Shape(1, 2))], [4 + 64, 2 + 8 + 32, 1 + 16] },
        { "MirrorPadGrad", new() { { "mode", "SYMMETRIC" } }, [Tensor.Wrap([1f, 2, 4, 8, 16, 32, 64]), Tensor.Wrap([2, 2], new Shape(1, 2))], [2 + 4, 1 + 8 + 64, 16 + 32] },
        { "MirrorPadGrad", new() { { "mode", "SYMMETRIC" } }, [Tensor.Wrap([1, 2, 3, 4], new Shape(2, 2)), Tensor.Wrap([0, 1, 1, 0], new Shape(2, 2))], [10] },
        { "DataFormatDimMap", [], [Tensor.Wrap([0, 1, 2, 3, -1, -3])], [0, 2, 3, 1, 1, 2] },
        { "DataFormatDimMap", new() { { "src_format", "NCHW" }, { "dst_format", "NHWC" } }, [Tensor.Wrap([1L, 2, 3])], [3, 1, 2] },
        { "DataFormatVecPermute", [], [Tensor.Wrap([10, 20, 30, 40])], [10, 40, 20, 30] },
        { "DataFormatVecPermute", [], [Tensor.Wrap([1, 2, 3, 4, 5, 6, 7, 8], new Shape(4, 2))], [1, 2, 7, 8, 3, 4, 5, 6] },
        { "DataFormatVecPermute", new() { { "src_format", "NHWC" }, { "dst_format", "NCWH" } }, [Tensor.Wrap([7L, 8])], [8, 7] },
        { "UnravelIndex", [], [Tensor.Wrap([22, 41, 37]), Tensor.Wrap([7, 6])], [3, 6, 6, 4, 5, 1] },
        { "UnravelIndex", [], [Tensor.Scalar(1621L), Tensor.Wrap([6L, 7, 8, 9])], [3, 1, 4, 1] },
        { "InplaceUpdate", [], [Tensor.Wrap([1f, 2, 3, 4], new Shape(2, 2)), Tensor.Wrap([1]), Tensor.Wrap([9f, 8], new Shape(1, 2))], [1, 2, 9, 8] },
        { "InplaceAdd", [], [Tensor.Wrap([1, 2, 3]), Tensor.Wrap([0, 0, -1]), Tensor.Wrap([10, 20, 30])], [31, 2, 33] },
        { "InplaceSub", [], [Tensor.Wrap([1d, 2]), Tensor.Wrap([1]), Tensor.Wrap([5d])], [1, -3] },
        { "SparseMatMul", new() { { "transpose_b", true } }, [Tensor.Wrap([1f, 0, 0, 2], new Shape(2, 2)), Tensor.Wrap([3f, 4, 5, 6], new Shape(2, 2))], [3, 5, 8, 12] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Elements_go_where_TensorFlow_puts_them(string op, AttributeMap attributes, Tensor[] inputs, double[] expected)
    {
        if (op != "SparseMatMul" && !op.StartsWith("DataFormat", StringComparison.Ordinal) && op != "UnravelIndex")
            attributes = new AttributeMap { { "T", inputs[0].DType }, { "mode", attributes["mode"] ?? (AttrValue)"REFLECT" } };
        Assert.Equal(expected, OneNode.Numbers(OneNode.Single(op, attributes, inputs)));
    }

    /// <summary>Op, attributes, inputs, what the message says.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], string> Faults => new()
    {
        { "MirrorPadGrad", new() { { "T", DType.Float32 }, { "mode", "REFLECT" } }, [Tensor.Wrap([1f, 2, 3]), Tensor.Wrap([1, 1], new Shape(1, 2))], "expected at most 0" },
        { "MirrorPadGrad", new() { { "T", DType.Float32 }, { "mode", "REFLECT" } }, [Tensor.Wrap([1f]), Tensor.Wrap([1, 1], new Shape(1, 2))], "expected as many elements at least" },
        { "DataFormatDimMap", [], [Tensor.Wrap([4])], "has the axis 4, expected one of 4 dimensions" },
        { "DataFormatDimMap", new() { { "dst_format", "NCHX" } }, [Tensor.Wrap([1])], "expected the letters of src_format" },
        { "DataFormatVecPermute", [], [Tensor.Wrap([1, 2, 3])], "expected 4 or 2 sizes or pairs" },
        { "UnravelIndex", [], [Tensor.Wrap([42]), Tensor.Wrap([7, 6])], "has the index 42, expected one of the 42 elements" },
        { "InplaceAdd", new() { { "T", DType.Float32 } }, [Tensor.Wrap([1f]), Tensor.Wrap([0]), Tensor.Wrap([1f, 2])], "expected as many indices as rows of v" },
        { "SparseMatMul", [], [Tensor.Wrap([1f, 2], new Shape(1, 2)), Tensor.Wrap([1f, 2], new Shape(1, 2))], "expected matrices, as many columns as rows" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Wrong_inputs_are_located_errors(string op, AttributeMap attributes, Tensor[] inputs, string message) =>
        Assert.Contains(message, OneNode.Fault(op, attributes, inputs), StringComparison.Ordinal);
}
