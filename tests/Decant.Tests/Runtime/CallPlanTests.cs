using Decant.IR;
using Decant.IR.TextForm;

namespace Decant.Tests.Runtime;

/// <summary>Functions that are called again with arguments of the same shapes are planned, and give what they gave before.</summary>
public sealed class CallPlanTests
{
    private const int Repetitions = 12;

    /// <summary>Each iteration hands two values on to other places, computes one, and keeps one as it is.</summary>
    private const string Rotation = """
        graph {
          limit = Placeholder() {dtype: int32, shape: shape[]}
          x = Placeholder() {dtype: float32, shape: shape[?]}
          zero = Const() {dtype: int32, value: int32[] {0}}
          double = AddV2(x, x) {T: float32}
          loop = While(zero, limit, x, double, x, double) {T: [int32, int32, float32, float32, float32, float32], cond: @less, body: @step}
          a = Identity(loop:2) {T: float32}
          y = Neg(loop:4) {T: float32}
        }
        function less(i: int32, n: int32, a: float32, b: float32, c: float32, k: float32) returns (r: bool = l) {
          l = Less(i, n) {T: int32}
        }
        function step(i: int32, n: int32, a: float32, b: float32, c: float32, k: float32) returns (i2: int32 = next, n2: int32 = n, a2: float32 = b, b2: float32 = same, c2: float32 = sum, k2: float32 = k) {
          one = Const() {dtype: int32, value: int32[] {1}}
          next = AddV2(i, one) {T: int32}
          same = Identity(c) {T: float32}
          ab = Sub(a, b) {T: float32}
          sum = AddV2(ab, k) {T: float32}
        }
        """;

    [Fact]
    public void A_loop_hands_values_on_and_keeps_others()
    {
        using Model model = GraphParser.Parse(Rotation);
        using var session = new Session(model);
        for (int run = 0; run < Repetitions; run++)
        {
            foreach ((int limit, int size) in new[] { (0, 300), (1, 300), (2, 300), (7, 300), (8, 300), (9, 5) })
            {
                float[] x = [.. Enumerable.Range(0, size).Select(i => (float)(i + run))];
                IReadOnlyDictionary<string, Tensor> results = session.Run(Feeds(limit, x), ["a", "loop:3", "y"]);
                for (int i = 0; i < size; i += 4)
                {
                    (float a, float b, float c) = Rotated(limit, x[i]);
                    Assert.Equal([a, b, -c], [results["a"].Span<float>()[i], results["loop:3"].Span<float>()[i], results["y"].Span<float>()[i]]);
                }
            }
        }
    }

    [Fact]
    public void A_loop_that_is_prepared_allocates_nothing()
    {
        using Model model = GraphParser.Parse(Rotation);
        using var session = new Session(model, new SessionOptions { Threads = 1 });
        float[] x = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        using PreparedRun run = session.Prepare(Feeds(11, x), ["a", "y"]);
        for (int i = 0; i < Repetitions; i++)
            run.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Repetitions; i++)
            run.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        (float a, float b, float c) = Rotated(11, x[999]);
        Assert.Equal((a, -c), (run.Output<float>("a")[999], run.Output<float>("y")[999]));
    }

    [Fact]
    public void Results_of_loops_stay_when_the_loop_runs_again()
    {
        using Model model = GraphParser.Parse(Rotation);
        using var session = new Session(model);
        Tensor[] results = [.. Enumerable.Range(0, Repetitions).Select(i => session.Run(Feeds(5, [.. Enumerable.Repeat((float)i, 400)]), ["loop:4"])["loop:4"])];
        for (int i = 0; i < results.Length; i++)
            Assert.Equal(Rotated(5, i).C, results[i].Span<float>()[399]);
    }

    [Fact]
    public void A_loop_in_a_loop_gets_its_own_memory()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[?]}
              zero = Const() {dtype: int32, value: int32[] {0}}
              loop = While(zero, x) {T: [int32, float32], cond: @outer, body: @rows}
              y = Identity(loop:1) {T: float32}
            }
            function outer(i: int32, x: float32) returns (r: bool = l) {
              n = Const() {dtype: int32, value: int32[] {4}}
              l = Less(i, n) {T: int32}
            }
            function rows(i: int32, x: float32) returns (i2: int32 = next, x2: float32 = sum) {
              one = Const() {dtype: int32, value: int32[] {1}}
              next = AddV2(i, one) {T: int32}
              zero = Const() {dtype: int32, value: int32[] {0}}
              inner = While(zero, x) {T: [int32, float32], cond: @less, body: @double}
              back = Neg(x) {T: float32}
              sum = AddV2(inner:1, back) {T: float32}
            }
            function less(i: int32, x: float32) returns (r: bool = l) {
              n = Const() {dtype: int32, value: int32[] {2}}
              l = Less(i, n) {T: int32}
            }
            function double(i: int32, x: float32) returns (i2: int32 = next, x2: float32 = sum) {
              one = Const() {dtype: int32, value: int32[] {1}}
              next = AddV2(i, one) {T: int32}
              sum = AddV2(x, x) {T: float32}
            }
            """);
        using var session = new Session(model);
        for (int i = 0; i < Repetitions; i++)
            Assert.Equal(81f * i, session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Repeat((float)i, 300)]) }, ["y"])["y"].Span<float>()[299]);
    }

    [Fact]
    public void A_function_that_calls_itself_gets_memory_for_each_call()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[200]}
              n = Placeholder() {dtype: int32, shape: shape[]}
              y = PartitionedCall(n, x) {Tin: [int32, float32], Tout: [float32], f: @power}
            }
            function power(n: int32, x: float32) returns (r: float32 = y) {
              zero = Const() {dtype: int32, value: int32[] {0}}
              more = Greater(n, zero) {T: int32}
              y = If(more, n, x) {Tcond: bool, Tin: [int32, float32], Tout: [float32], then_branch: @next, else_branch: @same}
            }
            function next(n: int32, x: float32) returns (r: float32 = y) {
              one = Const() {dtype: int32, value: int32[] {1}}
              less = Sub(n, one) {T: int32}
              before = Neg(x) {T: float32}
              rest = PartitionedCall(less, before) {Tin: [int32, float32], Tout: [float32], f: @power}
              y = Sub(rest, before) {T: float32}
            }
            function same(n: int32, x: float32) returns (r: float32 = y) {
              y = Square(x) {T: float32}
            }
            """);
        using var session = new Session(model);
        float Expected(int n, float x) => n > 0 ? Expected(n - 1, -x) + x : x * x;
        for (int i = 0; i < Repetitions; i++)
        {
            foreach (int n in new[] { 0, 1, 5 })
            {
                var feeds = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([.. Enumerable.Repeat(i + 0.5f, 200)]), ["n"] = Tensor.Scalar(n) };
                Assert.Equal(Expected(n, i + 0.5f), session.Run(feeds, ["y"])["y"].Span<float>()[199]);
            }
        }
    }

    [Fact]
    public void Shapes_may_grow_from_iteration_to_iteration()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1]}
              zero = Const() {dtype: int32, value: int32[] {0}}
              loop = While(zero, x) {T: [int32, float32], cond: @less, body: @grow}
              y = Identity(loop:1) {T: float32}
            }
            function less(i: int32, x: float32) returns (r: bool = l) {
              n = Const() {dtype: int32, value: int32[] {9}}
              l = Less(i, n) {T: int32}
            }
            function grow(i: int32, x: float32) returns (i2: int32 = next, x2: float32 = twice) {
              one = Const() {dtype: int32, value: int32[] {1}}
              axis = Const() {dtype: int32, value: int32[] {0}}
              next = AddV2(i, one) {T: int32}
              back = Neg(x) {T: float32}
              twice = ConcatV2(x, back, axis) {T: float32, Tidx: int32, N: 2}
            }
            """);
        using var session = new Session(model);
        for (int i = 1; i < Repetitions; i++)
        {
            float[] y = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap([(float)i]) }, ["y"])["y"].Span<float>().ToArray();
            Assert.Equal([.. Enumerable.Range(0, 512).Select(k => int.PopCount(k) % 2 == 0 ? i : -(float)i)], y);
        }
    }

    [Fact]
    public void What_an_array_keeps_of_an_iteration_stays()
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[300]}
              zero = Const() {dtype: int32, value: int32[] {0}}
              size = Const() {dtype: int32, value: int32[] {6}}
              array = TensorArrayV3(size) {dtype: float32, element_shape: shape?, dynamic_size: false, clear_after_read: true, identical_element_shapes: true, tensor_array_name: ""}
              loop = While(zero, array, array:1, x) {T: [int32, resource, float32, float32], cond: @less, body: @step}
              all = Const() {dtype: int32, value: int32[6] {0, 1, 2, 3, 4, 5}}
              y = TensorArrayGatherV3(array, all, loop:2) {dtype: float32, element_shape: shape?}
            }
            function less(i: int32, h: resource, f: float32, x: float32) returns (r: bool = l) {
              n = Const() {dtype: int32, value: int32[] {6}}
              l = Less(i, n) {T: int32}
            }
            function step(i: int32, h: resource, f: float32, x: float32) returns (i2: int32 = next, h2: resource = h, f2: float32 = flow, x2: float32 = sum) {
              one = Const() {dtype: int32, value: int32[] {1}}
              next = AddV2(i, one) {T: int32}
              flow = TensorArrayWriteV3(h, i, x, f) {T: float32}
              half = Const() {dtype: float32, value: float32[] {0.5}}
              sum = AddV2(x, half) {T: float32}
            }
            """);
        using var session = new Session(model, new SessionOptions { Threads = 1 });
        using PreparedRun run = session.Prepare(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(new float[300]) }, ["y"]);
        for (int i = 0; i < Repetitions; i++)
        {
            run.Input<float>("x").Fill(i);
            run.Run();
            Assert.Equal([.. Enumerable.Range(0, 6).Select(k => i + (0.5f * k))], Enumerable.Range(0, 6).Select(k => run.Output<float>("y")[(k * 300) + 299]));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Dictionary<string, Tensor> Feeds(int limit, float[] x) => new() { ["limit"] = Tensor.Scalar(limit), ["x"] = Tensor.Wrap(x) };

    private static (float A, float B, float C) Rotated(int limit, float x)
    {
        (float a, float b, float c) = (x, x + x, x);
        for (int i = 0; i < limit; i++)
            (a, b, c) = (b, c, a - b + (x + x));
        return (a, b, c);
    }
}
