using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;

namespace Decant.Tests.Quantizing.Integers;

/// <summary>Every operator of the table computes with integers what it computes with floats, within the steps of its grids.</summary>
public sealed class OperatorRuleTests
{
    /// <summary>The part of indices and comparisons that may be others, where operands are within a step of each other.</summary>
    private const double MostOthers = 0.1;

    // The largest operand: a result on the grid of an operand has its steps, however small it is.
    private const double Operand = 2;

    /// <summary>Of the largest value: half a step of 255 for each of the two operands and the result, and the slope of the function.</summary>
    private const double Int8Tolerance = 0.03;

    /// <summary>The same for 65535 steps; weights stay int8, of 127 steps.</summary>
    private const double Int16Tolerance = 0.008;

    private const string Both = "int8 int16", Bytes = "int8";

    // What the operator is, the types it has integer kernels for, and a graph: a is of the shape [1, 4, 4, 8] and not negative, s is [1, 4, 4, 8] of both signs.
    private static readonly (string Operator, string Types, string Graph)[] Rows =
    [
        ("ABS", Both, "y = Abs(s) {T: float32}"),
        ("ADD", Both, "y = AddV2(a, s) {T: float32}"),
        ("SUB", Both, "y = Sub(a, s) {T: float32}"),
        ("MUL", Both, "y = Mul(a, s) {T: float32}"),
        ("SQUARED_DIFFERENCE", Bytes, "y = SquaredDifference(a, s) {T: float32}"),
        ("CONV_2D", Both, "y = Conv2D(s, w) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}"),
        ("DEPTHWISE_CONV_2D", Both, "y = DepthwiseConv2dNative(s, d) {T: float32, strides: [1, 1, 1, 1], padding: \"SAME\"}"),
        ("FULLY_CONNECTED", Both, "f = Reshape(s, rows) {T: float32, Tshape: int32}\n y = MatMul(f, m) {T: float32, transpose_a: false, transpose_b: false}"),
        ("BATCH_MATMUL", Both, "y = BatchMatMulV2(a, s) {T: float32, adj_x: false, adj_y: true}"),
        ("TRANSPOSE_CONV", Both, "y = Conv2DBackpropInput(size, t, s) {T: float32, strides: [1, 2, 2, 1], padding: \"SAME\"}"),
        ("LEAKY_RELU", Both, "y = LeakyRelu(s) {T: float32}"),
        ("RELU", Both, "r = Reshape(s, rows) {T: float32, Tshape: int32}\n y = Relu(r) {T: float32}"),
        ("RELU6", Both, "r = Reshape(s, rows) {T: float32, Tshape: int32}\n y = Relu6(r) {T: float32}"),
        ("MEAN", Both, "y = Mean(s, axes) {T: float32, Tidx: int32, keep_dims: false}"),
        ("SUM", Bytes, "y = Sum(s, axes) {T: float32, Tidx: int32, keep_dims: false}"),
        ("EXP", Bytes, "y = Exp(s) {T: float32}"),
        ("RSQRT", Both, "o = AddV2(a, one) {T: float32}\n y = Rsqrt(o) {T: float32}"),
        ("LOG", Bytes, "o = AddV2(a, one) {T: float32}\n y = Log(o) {T: float32}"),
        ("AVERAGE_POOL_2D", Both, "b = Abs(s) {T: float32}\n y = AvgPool(b) {T: float32, ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: \"SAME\"}"),
        ("MAX_POOL_2D", Both, "b = Abs(s) {T: float32}\n y = MaxPool(b) {T: float32, ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding: \"SAME\"}"),
        ("CONCATENATION", Both, "b = Abs(s) {T: float32}\n y = ConcatV2(b, a, axis) {T: float32, N: 2, Tidx: int32}"),
        ("PACK", Both, "b = Abs(s) {T: float32}\n y = Pack(b, a) {T: float32, N: 2, axis: 0}"),
        ("PAD", Both, "b = Abs(s) {T: float32}\n y = Pad(b, pads) {T: float32, Tpaddings: int32}"),
        ("PADV2", Both, "b = Abs(s) {T: float32}\n y = PadV2(b, pads, one) {T: float32, Tpaddings: int32}"),
        ("MIRROR_PAD", Both, "b = Abs(s) {T: float32}\n y = MirrorPad(b, pads) {T: float32, Tpaddings: int32, mode: \"REFLECT\"}"),
        ("RESHAPE", Both, "b = Abs(s) {T: float32}\n y = Reshape(b, rows) {T: float32, Tshape: int32}"),
        ("TRANSPOSE", Both, "b = Abs(s) {T: float32}\n y = Transpose(b, perm) {T: float32, Tperm: int32}"),
        ("RESIZE_BILINEAR", Both, "b = Abs(s) {T: float32}\n y = ResizeBilinear(b, hw) {T: float32, align_corners: false, half_pixel_centers: true}"),
        ("RESIZE_NEAREST_NEIGHBOR", Both, "b = Abs(s) {T: float32}\n y = ResizeNearestNeighbor(b, hw) {T: float32, align_corners: false, half_pixel_centers: true}"),
        ("SLICE", Both, "b = Abs(s) {T: float32}\n y = Slice(b, begin, sizes) {T: float32, Index: int32}"),
        ("SPLIT", Both, "b = Abs(s) {T: float32}\n c = Split(axis, b) {T: float32, num_split: 2}\n y = AddV2(c, c:1) {T: float32}"),
        ("UNPACK", Both, "b = Abs(s) {T: float32}\n c = Unpack(b) {T: float32, num: 8, axis: 3}\n y = AddV2(c, c:1) {T: float32}"),
        ("GATHER", Both, "b = Abs(s) {T: float32}\n y = GatherV2(b, ids, axis) {Tparams: float32, Tindices: int32, Taxis: int32, batch_dims: 0}"),
        ("REDUCE_MAX", Both, "b = Abs(s) {T: float32}\n y = Max(b, axes) {T: float32, Tidx: int32, keep_dims: false}"),
        ("REDUCE_MIN", Both, "b = Abs(s) {T: float32}\n y = Min(b, axes) {T: float32, Tidx: int32, keep_dims: false}"),
        ("MAXIMUM", Both, "b = Abs(s) {T: float32}\n y = Maximum(b, one) {T: float32}"),
        ("MINIMUM", Both, "b = Abs(s) {T: float32}\n c = Abs(a) {T: float32}\n y = Minimum(b, c) {T: float32}"),
        ("SPACE_TO_DEPTH", Bytes, "b = Abs(s) {T: float32}\n y = SpaceToDepth(b) {T: float32, block_size: 2}"),
        ("DEPTH_TO_SPACE", Bytes, "b = Abs(s) {T: float32}\n y = DepthToSpace(b) {T: float32, block_size: 2}"),
        ("SPACE_TO_BATCH_ND", Both, "b = Abs(s) {T: float32}\n y = SpaceToBatchND(b, block, none) {T: float32, Tblock_shape: int32, Tpaddings: int32}"),
        ("TILE", Bytes, "b = Abs(s) {T: float32}\n y = Tile(b, twice) {T: float32, Tmultiples: int32}"),
        ("REVERSE_V2", Bytes, "b = Abs(s) {T: float32}\n y = ReverseV2(b, axes) {T: float32, Tidx: int32}"),
        ("LOGISTIC", Both, "y = Sigmoid(s) {T: float32}"),
        ("TANH", Both, "y = Tanh(s) {T: float32}"),
        ("SOFTMAX", Both, "y = Softmax(s) {T: float32}"),
        ("LOG_SOFTMAX", Bytes, "y = LogSoftmax(s) {T: float32}"),
        ("ARG_MAX", Bytes, "b = Abs(s) {T: float32}\n y = ArgMax(b, axis) {T: float32, Tidx: int32, output_type: int64}"),
        ("GREATER", Bytes, "b = AddV2(a, one) {T: float32}\n c = AddV2(a, a) {T: float32}\n e = AddV2(b, c) {T: float32}\n y = Greater(e, a) {T: float32}"),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach ((string name, string types, _) in Rows)
            {
                foreach (string type in types.Split(' '))
                    cases.Add(name, type);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_operator_gives_nearly_the_same_with_integers(string name, string type)
    {
        (DType activations, QuantizationMode mode, double tolerance) = type == "int8" ? (DType.Int8, QuantizationMode.Int8, Int8Tolerance) : (DType.Int16, QuantizationMode.Int16, Int16Tolerance);
        using Model model = Graph(Rows.First(r => r.Operator == name).Graph);
        Dictionary<string, Tensor>[] examples = [.. Enumerable.Range(0, 4).Select(Example)];
        var options = new ConvertOptions { Quantize = mode, Inputs = ["a", "s"], Outputs = ["y"], Integers = new IntegerOptions { Calibration = CalibrationSet.Of(examples) } };
        Model converted = model.Convert(options).Model;
        Node made = converted.Graph.Nodes.Last(n => n.Op.Dialect == Dialect.TFLite && n.Op.Name == name);
        Assert.Contains(made.Inputs.AsSpan().ToArray(), i => i.Node.Fact(i.Port) is { Quantization: not null } fact && fact.DType == activations);
        using Session floats = new(model), integers = new(converted);
        foreach (Dictionary<string, Tensor> example in examples)
        {
            Tensor expected = floats.Run(example, ["y"])["y"], found = integers.Run(example, ["y"])["y"];
            Assert.Equal(expected.Shape, found.Shape);
            if (expected.DType == DType.Float32)
            {
                double largest = Math.Max(Operand, expected.Span<float>().ToArray().Max(Math.Abs));
                Assert.All(expected.Span<float>().ToArray().Zip(found.Span<float>().ToArray()), p => Assert.InRange(p.Second, p.First - (tolerance * largest), p.First + (tolerance * largest)));
            }
            else
            {
                byte[] a = expected.Data.ToArray(), b = found.Data.ToArray();
                int size = expected.DType.Size();
                Assert.InRange(Enumerable.Range(0, a.Length / size).Count(i => !a.AsSpan(i * size, size).SequenceEqual(b.AsSpan(i * size, size))), 0, MostOthers * a.Length / size);
            }
        }
    }

    private static Dictionary<string, Tensor> Example(int seed)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, 2 * 128).Select(_ => (4 * random.NextSingle()) - 2)];
        return new() { ["a"] = Tensor.Wrap([.. values[..128].Select(Math.Abs)], new Shape(1, 4, 4, 8)), ["s"] = Tensor.Wrap(values[128..], new Shape(1, 4, 4, 8)) };
    }

    private static Model Graph(string lines)
    {
        Model model = GraphParser.Parse($$$"""
            graph {
              a = Placeholder() {dtype: float32, shape: shape[1, 4, 4, 8]}
              s = Placeholder() {dtype: float32, shape: shape[1, 4, 4, 8]}
              one = Const() {dtype: float32, value: float32[] {1}}
              axis = Const() {dtype: int32, value: int32[] {3}}
              axes = Const() {dtype: int32, value: int32[2] {1, 2}}
              rows = Const() {dtype: int32, value: int32[2] {16, 8}}
              size = Const() {dtype: int32, value: int32[4] {1, 8, 8, 4}}
              hw = Const() {dtype: int32, value: int32[2] {7, 9}}
              perm = Const() {dtype: int32, value: int32[4] {0, 3, 1, 2}}
              pads = Const() {dtype: int32, value: int32[4, 2] {0, 0, 1, 2, 2, 1, 0, 0}}
              none = Const() {dtype: int32, value: int32[2, 2] {0, 0, 0, 0}}
              block = Const() {dtype: int32, value: int32[2] {2, 2}}
              begin = Const() {dtype: int32, value: int32[4] {0, 1, 0, 2}}
              sizes = Const() {dtype: int32, value: int32[4] {1, 2, 4, 3}}
              twice = Const() {dtype: int32, value: int32[4] {1, 2, 1, 1}}
              ids = Const() {dtype: int32, value: int32[3] {7, 0, 2}}
              {{{Constant("w", 3, 3, 8, 4)}}}
              {{{Constant("d", 3, 3, 8, 1)}}}
              {{{Constant("m", 8, 5)}}}
              {{{Constant("t", 2, 2, 4, 8)}}}
              {{{lines}}}
            }
            """);
        return model;
    }

    private static string Constant(string name, params int[] dims)
    {
        var random = new Random(dims.Length + dims[^1]);
        string[] values = [.. Enumerable.Range(0, dims.Aggregate((a, b) => a * b)).Select(_ => ((random.NextSingle() * 2) - 1).ToString("R", System.Globalization.CultureInfo.InvariantCulture))];
        return $"{name} = Const() {{dtype: float32, value: float32[{string.Join(", ", dims)}] {{{string.Join(", ", values)}}}}}";
    }
}
