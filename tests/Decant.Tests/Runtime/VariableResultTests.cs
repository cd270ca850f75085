using Decant.IR.TextForm;

namespace Decant.Tests.Runtime;

/// <summary>Results that are variables, which later runs change.</summary>
public sealed class VariableResultTests
{
    private const string Counter = """
        graph {
          v = VariableV2() {dtype: float32, shape: shape[1000]}
          n = Const() {dtype: int32, value: int32[1] {1000}}
          zero = Const() {dtype: float32, value: float32[] {0}}
          zeros = Fill(n, zero) {T: float32, index_type: int32}
          init = Assign(v, zeros) {T: float32}
          x = Placeholder() {dtype: float32, shape: shape[1000]}
          add = AssignAdd(v, x) {T: float32}
          read = Identity(v) {T: float32}
          twice = Add(read, x) {T: float32}
          set = Assign(v, twice) {T: float32}
        }
        """;

    [Theory]
    [InlineData("v")]
    [InlineData("read")]
    [InlineData("add")]
    [InlineData("set")]
    public void A_result_stays_as_it_was_when_the_variable_changes(string fetched)
    {
        using Model model = GraphParser.Parse(Counter);
        using var session = new Session(model);
        var none = new Dictionary<string, Tensor>();
        var one = new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(Enumerable.Repeat(1f, 1000).ToArray()) };
        session.Run(none, ["init"]);
        session.Run(one, ["add"]);
        var found = new List<(Tensor Result, float Value)>();
        for (int i = 0; i < 5; i++)
        {
            Tensor result = session.Run(one, [fetched])[fetched];
            found.Add((result, result.Span<float>()[0]));
            session.Run(one, ["add"]);
            session.Run(one, ["set", "twice"]);
            session.Run(none, ["init"]);
            session.Run(one, ["add"]);
        }

        Assert.All(found, f => Assert.All(f.Result.Span<float>().ToArray(), v => Assert.Equal(f.Value, v)));
        Assert.Equal(fetched is "v" or "read" ? 1 : 2, found[^1].Value);
    }
}
