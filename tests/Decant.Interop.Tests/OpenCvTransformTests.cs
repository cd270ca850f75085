using Decant.IR;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>OpenCV loads what transforms make of the graphs that it loads.</summary>
public sealed class OpenCvTransformTests
{
    private const string Deploy = "strip_unused_nodes fold_constants(ignore_errors=true) fold_batch_norms fold_old_batch_norms";

    /// <summary>The original's transforms alone and the guide's pipelines, those excepted that make Print, FakeQuantWithMinMaxVars or Quantized nodes, which OpenCV does not have.</summary>
    private static readonly string[] Transforms =
    [
        "add_default_attributes", "backport_concatv2", "flatten_atrous_conv", "fold_batch_norms", "fold_batch_norms_algebraic", "fold_constants", "fold_moments", "fold_old_batch_norms",
        "fold_subdivmul_batch_norms", "inline_partitionedcall", "merge_duplicate_nodes", "obfuscate_names", "quantize_weights", "remove_attribute(attribute_name=_output_shapes)",
        "remove_control_dependencies", "remove_device", "remove_nodes(op=Identity, op=CheckNumerics)", "rename_attribute(old_attribute_name=_output_shapes, new_attribute_name=_shapes)",
        "rename_op(old_op_name=Add, new_op_name=AddV2)", "round_weights", "set_device(device=\"/cpu:0\")", "sort_by_execution_order", "strip_unused_nodes", Deploy, $"{Deploy} quantize_weights",
        $"{Deploy} round_weights",
    ];

    [SharedPythonTheory("cv2", "python3-opencv")]
    [InlineData("graphdef", 25)]
    [InlineData("checkpoint-v2", 2)]
    public void A_transformed_graph_loads_where_the_source_does(string format, int leastSources)
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. SharedData.Files($"data/{format}", "*.pb")];
        for (int i = 0; i < files.Length; i++)
            File.Copy(files[i], folder[$"{i}.pb"]);
        HashSet<string> refused = Refused(folder);
        int sources = 0;
        for (int i = 0; i < files.Length; i++)
        {
            File.Delete(folder[$"{i}.pb"]);
            using Model model = Model.Load(files[i]);
            if (refused.Contains($"{i}") || !ComputesFloats(model))
                continue;
            sources++;
            for (int t = 0; t < Transforms.Length; t++)
                model.Transform(Transforms[t]).Model.Save(folder[$"{i}-{t}.pb"], "graphdef");
        }

        Assert.True(sources >= leastSources, $"OpenCV loads {sources} graphs");
        Assert.Empty(Refused(folder).Select(n => n.Split('-')).Select(n => $"{Transforms[int.Parse(n[1], System.Globalization.CultureInfo.InvariantCulture)]}: {files[int.Parse(n[0], System.Globalization.CultureInfo.InvariantCulture)]}"));
    }

    private static HashSet<string> Refused(TemporaryFolder folder) => [.. Python.Run("opencv_load.py", folder[""]).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>OpenCV computes with float32; graphs without inputs, and of other numbers, it loads by chance. The sound of keyword spotters is a string.</summary>
    private static bool ComputesFloats(Model model)
    {
        Node[] inputs = [.. model.Graph.Nodes.Where(n => n.Op == "Placeholder")];
        return inputs.Length > 0 && inputs.All(n => n.Attributes["dtype"] is TypeAttr { Value: DType.Float32 or DType.String });
    }
}
