using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Tests.Passes.Optimize;

/// <summary>The passes that drop or join single operations, each case with the op and the inputs that the node <c>y</c> has in the end.</summary>
public sealed class SimplifyTests
{
    private const string Inputs = """
        x = Placeholder() {dtype: float32, shape: shape[2,3]}
        v = Placeholder() {dtype: float32, shape: shape[3]}
        u = Placeholder() {dtype: float32, shape: shape[?,3]}
        i = Placeholder() {dtype: int32, shape: shape[2,3]}
        b = Placeholder() {dtype: bool, shape: shape[2,3]}
        n = NoOp()
        zero = Const() {dtype: float32, value: float32[] {0}}
        one = Const() {dtype: float32, value: float32[] {1}}
        two = Const() {dtype: float32, value: float32[] {2}}
        ones = Const() {dtype: float32, value: float32[2,3] {1, 1, 1, 1, 1, 1}}
        zeros = Const() {dtype: float32, value: float32[3] {0, 0, 0}}
        half = Const() {dtype: float32, value: float32[] {0.5}}
        yes = Const() {dtype: bool, value: bool[] {true}}
        shape6 = Const() {dtype: int32, value: int32[1] {6}}
        shape23 = Const() {dtype: int32, value: int32[2] {2, 3}}
        shape32 = Const() {dtype: int32, value: int32[2] {3, 2}}
        open3 = Const() {dtype: int32, value: int32[2] {-1, 3}}
        axis0 = Const() {dtype: int32, value: int32[] {0}}
        axes0 = Const() {dtype: int32, value: int32[1] {0}}
        none = Const() {dtype: int32, value: int32[0] {}}
        swap = Const() {dtype: int32, value: int32[2] {1, 0}}
        same = Const() {dtype: int32, value: int32[2] {0, 1}}
        once = Const() {dtype: int32, value: int32[2] {1, 1}}
        start = Const() {dtype: int32, value: int32[2] {0, 0}}
        pads = Const() {dtype: int32, value: int32[2,2] {0, 0, 0, 0}}
        """;

    private static PassRun Run(string nodes, Pass pass, string[]? kept = null) => PassRun.Of($"graph {{\n{Inputs}\n{nodes}\n}}", ["x", "v", "u", "i", "b", .. kept ?? ["y"]], pass);

    public static TheoryData<string, string> Arithmetic => new()
    {
        { "y = Mul(x, one) {T: float32}", "Identity x" },
        { "y = Mul(ones, x) {T: float32}", "Identity x" },
        { "y = RealDiv(x, one) {T: float32}", "Identity x" },
        { "y = AddV2(zero, x, ^n) {T: float32}", "Identity x ^n" },
        { "y = Sub(x, zeros) {T: float32}", "Identity x" },
        { "y = BiasAdd(x, zeros) {T: float32, data_format: \"NHWC\"}", "Identity x" },
        { "y = Pow(x, one) {T: float32}", "Identity x" },
        { "y = Pow(x, two) {T: float32}", "Square x" },
        { "y = Pow(x, half) {T: float32}", "Sqrt x" },
        { "y = LogicalAnd(b, yes)", "Identity b" },
        { "a = Neg(x, ^n) {T: float32}\ny = Neg(a) {T: float32}", "Identity x ^n" },
        { "a = Reciprocal(x) {T: float32}\ny = Reciprocal(a) {T: float32}", "Identity x" },
        { "a = LogicalNot(b)\ny = LogicalNot(a)", "Identity b" },
        { "a = Relu(x) {T: float32}\ny = Relu(a) {T: float32}", "Identity a" },
        { "a = Sqrt(x) {T: float32}\ny = RealDiv(v, a) {T: float32}", "Mul v y/rsqrt" },
        { "a = Reciprocal(x) {T: float32}\ny = Mul(v, a) {T: float32}", "RealDiv v x" },
        { "a = Neg(x) {T: float32}\ny = Sub(v, a) {T: float32}", "AddV2 v x" },
        { "a = Neg(x) {T: float32}\ny = AddV2(v, a) {T: float32}", "Sub v x" },
        { "y = Sub(zero, x) {T: float32}", "Sub zero x" },
        { "y = RealDiv(one, x) {T: float32}", "RealDiv one x" },
    };

    [Theory]
    [MemberData(nameof(Arithmetic))]
    public void Operations_that_change_nothing_or_undo_one_another_go(string nodes, string expected) => Check(nodes, expected, new SimplifyArithmetic());

    public static TheoryData<string, string> Casts => new()
    {
        { "y = Cast(x) {SrcT: float32, DstT: float32}", "Identity x" },
        { "a = Cast(i, ^n) {SrcT: int32, DstT: int64}\ny = Cast(a) {SrcT: int64, DstT: float32}", "Cast i ^n" },
        { "a = Cast(b) {SrcT: bool, DstT: int32}\ny = Cast(a) {SrcT: int32, DstT: float32}", "Cast b" },
        { "a = Cast(x) {SrcT: float32, DstT: int32}\ny = Cast(a) {SrcT: int32, DstT: float32}", "Cast a" },
        { "a = Cast(x) {SrcT: float32, DstT: float16}\ny = Cast(a) {SrcT: float16, DstT: float32}", "Cast a" },
        { "a = Bitcast(x) {T: float32, type: int32}\ny = Bitcast(a) {T: int32, type: float32}", "Identity x" },
    };

    [Theory]
    [MemberData(nameof(Casts))]
    public void Casts_are_joined_where_the_first_is_exact(string nodes, string expected) => Check(nodes, expected, new SimplifyCasts());

    public static TheoryData<string, string> Reshapes => new()
    {
        { "y = Reshape(x, shape23) {T: float32, Tshape: int32}", "Identity x" },
        { "y = Reshape(u, open3) {T: float32, Tshape: int32}", "Identity u" },
        { "a = Reshape(x, shape6, ^n) {T: float32, Tshape: int32}\ny = Reshape(a, shape32) {T: float32, Tshape: int32}", "Reshape x shape32 ^n" },
        { "a = Reshape(x, shape6) {T: float32, Tshape: int32}\ny = Reshape(a, shape23) {T: float32, Tshape: int32}", "Identity x" },
        { "a = ExpandDims(x, axis0) {T: float32, Tdim: int32}\ny = Squeeze(a) {T: float32, squeeze_dims: [0]}", "Identity x" },
        { "a = ExpandDims(u, axis0) {T: float32, Tdim: int32}\ny = Squeeze(a) {T: float32, squeeze_dims: [0]}", "Identity u" },
        { "a = ExpandDims(u, axis0) {T: float32, Tdim: int32}\ny = Reshape(a, open3) {T: float32, Tshape: int32}", "Identity u" },
        { "s = Shape(u) {T: float32, out_type: int32}\nc = StridedSlice(s, axes0, one1, one1) {T: int32, Index: int32, shrink_axis_mask: 1}\nthree = Const() {dtype: int32, value: int32[] {3}}\none1 = Const() {dtype: int32, value: int32[1] {1}}\np = Pack(c, axisone, three) {T: int32, N: 3, axis: 0}\naxisone = Const() {dtype: int32, value: int32[] {1}}\ny = Reshape(u, p) {T: float32, Tshape: int32}", "Reshape u y/shape" },
        { "y = Squeeze(x) {T: float32}", "Identity x" },
    };

    [Theory]
    [MemberData(nameof(Reshapes))]
    public void Reshapes_are_joined(string nodes, string expected) => Check(nodes, expected, new SimplifyReshapes());

    public static TheoryData<string, string> Transposes => new()
    {
        { "y = Transpose(x, same) {T: float32, Tperm: int32}", "Identity x" },
        { "a = Transpose(x, swap, ^n) {T: float32, Tperm: int32}\nz = Transpose(a, swap) {T: float32, Tperm: int32}\ny = Identity(z) {T: float32}", "Identity z" },
        { "a = ExpandDims(v, axis0) {T: float32, Tdim: int32}\ny = Transpose(a, swap) {T: float32, Tperm: int32}", "Reshape a y/shape" },
        { "y = Transpose(x, swap) {T: float32, Tperm: int32}", "Transpose x swap" },
    };

    [Theory]
    [MemberData(nameof(Transposes))]
    public void Transpositions_are_joined(string nodes, string expected) => Check(nodes, expected, new SimplifyTransposes());

    [Fact]
    public void Two_transpositions_that_undo_one_another_are_none() => Run(
        "a = Transpose(x, swap, ^n) {T: float32, Tperm: int32}\nz = Transpose(a, swap) {T: float32, Tperm: int32}\ny = Neg(z) {T: float32}", new SimplifyTransposes()).Has("z", "Identity", "x", "^n");

    public static TheoryData<string, string> Arrays => new()
    {
        { "y = Slice(x, start, shape23) {T: float32, Index: int32}", "Identity x" },
        { "y = StridedSlice(x, start, shape23, once) {T: float32, Index: int32}", "Identity x" },
        { "y = StridedSlice(x, start, once, once) {T: float32, Index: int32}", "StridedSlice x start once once" },
        { "y = Tile(u, once) {T: float32, Tmultiples: int32}", "Identity u" },
        { "y = Pad(u, pads) {T: float32, Tpaddings: int32}", "Identity u" },
        { "y = BroadcastTo(x, shape23) {T: float32, Tidx: int32}", "Identity x" },
        { "a = ExpandDims(v, axis0) {T: float32, Tdim: int32}\ny = ReverseV2(a, axes0) {T: float32, Tidx: int32}", "Identity a" },
        { "y = Sum(x, none) {T: float32, Tidx: int32, keep_dims: false}", "Identity x" },
        { "a = ExpandDims(v, axis0) {T: float32, Tdim: int32}\ny = Mean(a, axes0) {T: float32, Tidx: int32, keep_dims: true}", "Identity a" },
        { "y = Split(axis0, x) {T: float32, num_split: 1}", "Identity x" },
        { "y = AddN(x) {T: float32, N: 1}", "Identity x" },
        { "y = Pack(x) {T: float32, N: 1, axis: 1}", "ExpandDims x y/axis" },
        { "a = ExpandDims(v, axis0) {T: float32, Tdim: int32}\ny = Unpack(a) {T: float32, num: 1, axis: 0}", "Squeeze a" },
        { "a = Unpack(x) {T: float32, num: 2, axis: 0}\ny = Pack(a, a:1) {T: float32, N: 2, axis: 0}", "Identity x" },
        { "a = Unpack(x) {T: float32, num: 2, axis: 0}\ny = Pack(a:1, a) {T: float32, N: 2, axis: 0}", "Pack a:1 a" },
        { "a = Pack(x, i2) {T: float32, N: 2, axis: 0}\ni2 = Neg(x) {T: float32}\nc = Unpack(a) {T: float32, num: 2, axis: 0}\ny = Sub(c, c:1) {T: float32}", "Sub x i2" },
        { "m = Neg(x) {T: float32}\na = ConcatV2(x, m, axis0) {T: float32, Tidx: int32, N: 2}\nc = Split(axis0, a) {T: float32, num_split: 2}\ny = Sub(c, c:1) {T: float32}", "Sub x m" },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Array_ops_that_change_nothing_go(string nodes, string expected) => Check(nodes, expected, new SimplifyArrays());

    public static TheoryData<string, string> Chains => new()
    {
        { "a = AddV2(x, two, ^n) {T: float32}\ny = AddV2(half, a) {T: float32}", "AddV2 x y/constant ^n" },
        { "a = Sub(x, two) {T: float32}\ny = AddV2(a, half) {T: float32}", "Sub x y/constant" },
        { "a = Mul(x, two) {T: float32}\ny = RealDiv(a, half) {T: float32}", "Mul x y/constant" },
        { "a = RealDiv(x, two) {T: float32}\ny = RealDiv(a, half) {T: float32}", "RealDiv x y/constant" },
        { "w = Const() {dtype: float32, value: float32[3] {1, 2, 3}}\na = BiasAdd(x, w) {T: float32, data_format: \"NHWC\"}\ny = AddV2(a, half) {T: float32}", "BiasAdd x y/constant" },
        { "a = Mul(x, two) {T: float32}\ny = AddV2(a, half) {T: float32}", "AddV2 a half" },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Constants_that_follow_one_another_are_joined(string nodes, string expected) => Check(nodes, expected, new ReassociateConstants());

    public static TheoryData<string, string, string> Declined => new()
    {
        { "simplify_arithmetic", "y = Mul(v, ones) {T: float32}", "more dimensions" },
        { "simplify_arithmetic", "a = Sqrt(x) {T: float32}\nz = Exp(a) {T: float32}\nw = RealDiv(v, a) {T: float32}\ny = Add(w, z) {T: float32}", "is needed elsewhere too" },
        { "simplify_casts", "a = Cast(x) {SrcT: float32, DstT: int32}\ny = Cast(a) {SrcT: int32, DstT: float32}", "rounds float32 to int32" },
        { "reassociate_constants", "a = AddV2(x, two) {T: float32}\nz = AddV2(a, half) {T: float32}\ny = Mul(a, z) {T: float32}", "has other readers" },
        { "reassociate_constants", "c = Const() {dtype: int32, value: int32[] {2147483647}}\na = AddV2(i, c) {T: int32}\ny = AddV2(a, c) {T: int32}", "could overflow" },
        { "reassociate_constants", "c = Const() {dtype: float32, value: float32[2,1] {1, 2}}\nd = Const() {dtype: float32, value: float32[1,3] {1, 2, 3}}\na = AddV2(x, c) {T: float32}\ny = AddV2(a, d) {T: float32}", "larger than they are" },
    };

    [Theory]
    [MemberData(nameof(Declined))]
    public void A_match_that_cannot_be_taken_is_declined(string pass, string nodes, string reason)
    {
        PassRun run = Run(nodes, PassTable.Find(pass)!.Make(PassParameters.None));
        Assert.Contains(run.Report.Declines, d => d.Reason.Contains(reason, StringComparison.Ordinal));
        run.Does();
    }

    private static void Check(string nodes, string expected, Pass pass)
    {
        string[] parts = expected.Split(' ');
        Run(nodes, pass).Has("y", parts[0], parts[1..]);
    }
}
