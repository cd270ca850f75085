using Decant.IR;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Tests.Lowering;

/// <summary>The versions of operators against those that TensorFlow Lite's own tests declare.</summary>
public sealed class OperatorVersionsTests
{
    /// <summary>Float, hybrid, integer and diagonal LSTMs, with an input gate and without.</summary>
    [SharedFact]
    public void Each_form_of_an_LSTM_has_the_recorded_version()
    {
        HashSet<long> seen = [];
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path("opcases/tflite/unidirectional_sequence_lstm_test")))
        {
            using Model model = Model.Load(@case.Model);
            Node lstm = model.Graph.Nodes.Single(n => n.Op.Name == "UNIDIRECTIONAL_SEQUENCE_LSTM");
            long recorded = lstm.Attributes["op_version"] is IntAttr version ? version.Value : 1;
            Assert.Equal((@case.Id, recorded), (@case.Id, OperatorVersions.Of(lstm)));
            seen.Add(recorded);
        }

        Assert.Equal([1, 2, 3, 4], seen.Order());
    }
}
