using Decant.Formats;
using Decant.IR;

namespace Decant.Tests.Formats.GraphDef;

public sealed class GraphDefFaultTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "bad-name", """node { name: "a" op: "NoOp" } node { name: "b" }""" },
        { "bad-name", """node { name: "a" op: "NoOp" } node { name: "b" op: "Identity" input: "a:x" }""" },
        { "missing-node", """node { name: "b" op: "Identity" input: "a" }""" },
        { "duplicate-name", """node { name: "a" op: "NoOp" } node { name: "a" op: "NoOp" }""" },
        { "bad-function", """library { function { signature { name: "f" } } function { signature { name: "f" } } }""" },
        { "bad-function", """library { function { signature { name: "f" output_arg { name: "y" type: DT_FLOAT } } } }""" },
        { "bad-function", """library { function { signature { name: "f" output_arg { name: "y" type: DT_FLOAT } } node_def { name: "a" op: "Less" } ret { key: "y" value: "a:bogus:0" } } }""" },
        { "bad-function", """library { function { signature { name: "f" output_arg { name: "y" type: DT_FLOAT } } node_def { name: "a" op: "Less" } ret { key: "y" value: "a:z:1" } } }""" },
    };

    public static TheoryData<string, string> Tensors => new()
    {
        { "bad-tensor", """tensor_shape { dim { size: 3 } } tensor_content: "\001\002" """ },
        { "bad-tensor", """tensor_shape { dim { size: -1 } } float_val: 1""" },
        { "tensor-too-large", """tensor_shape { dim { size: 1000000000000 } } float_val: 1 float_val: 2""" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_malformed_graph_is_an_error_of_its_code(string code, string text) => Assert.Equal(code, Fault(text, _ => { }));

    [Theory]
    [MemberData(nameof(Tensors))]
    public void A_malformed_tensor_is_an_error_when_its_value_is_asked_for(string code, string tensor) => Assert.Equal(code, Fault(
        $$"""node { name: "c" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT {{tensor}} } } } }""",
        model => _ = new Value(model.Graph["c"]).Constant));

    private static string Fault(string text, Action<Model> use)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["graph.pbtxt"], text);
        return Assert.Throws<ModelException>(() =>
        {
            using Model model = Model.Load(folder["graph.pbtxt"]);
            use(model);
        }).Diagnostics[0].Code.Id;
    }
}
