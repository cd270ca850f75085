using Decant.Formats;
using Decant.IR;

namespace Decant.Tests.Formats.GraphDef;

public sealed class GraphDefVersionTests
{
    /// <summary>TensorFlow takes the shape [] of placeholders for any shape up to producer 21.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("versions { producer: 21 }", false)]
    [InlineData("versions { producer: 22 }", true)]
    public void A_placeholder_of_shape_nothing_may_have_any_shape_in_old_graphs(string versions, bool isScalar)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["graph.pbtxt"], $$"""
            node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { } } } }
            node { name: "y" op: "Neg" input: "x" attr { key: "T" value { type: DT_FLOAT } } }
            {{versions}}
            """);
        using Model model = Model.Load(folder["graph.pbtxt"]);
        Assert.Equal(isScalar ? Shape.Scalar : Shape.Unknown, SignatureView.Of(model).Inputs.Single().Shape);
        model.Save(folder["graph.pb"], "graphdef");
        using Model back = Model.Load(folder["graph.pb"]);
        Assert.Equal(isScalar ? Shape.Scalar : Shape.Unknown, SignatureView.Of(back).Inputs.Single().Shape);
    }
}
