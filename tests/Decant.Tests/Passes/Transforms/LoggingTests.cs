using Decant.IR;
using Decant.Passes;

namespace Decant.Tests.Passes.Transforms;

/// <summary>insert_logging, freeze_requantization_ranges, remove_ema.</summary>
public sealed class LoggingTests
{
    private const string Ranges = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[4]}
          low = Const() {dtype: float32, value: float32[] {-1} }
          high = Const() {dtype: float32, value: float32[] {1} }
          q = QuantizeV2(x, low, high) {T: qint32, mode: "MIN_FIRST"}
          range = RequantizationRange(q, q:1, q:2) {Tinput: qint32}
          r = Requantize(q, q:1, q:2, range, range:1) {Tinput: qint32, out_type: quint8}
          y = Dequantize(r, r:1, r:2) {T: quint8, mode: "MIN_FIRST"}
        }
        """;

    [Fact]
    public void A_print_stands_between_a_node_and_its_readers()
    {
        Transformed it = Transformed.Run(Ranges, "insert_logging(op=RequantizationRange, show_op=true, show_name=true, message=\"__requant_min_max:\", first_n=3)");
        Assert.Equal(["insert_logging: range"], it.Report.Edits);
        Node print = it["range__print__"];
        Assert.Equal([new Value(it["range"]), new Value(it["range"]), new Value(it["range"], 1)], print.Inputs.AsSpan().ToArray());
        Assert.Equal(";RequantizationRange;;range__print__;__requant_min_max:", ((StringAttr)print.Attributes["message"]!).Text);
        Assert.Equal(new IntAttr(3), print.Attributes["first_n"]);
        Assert.Equal(new IntAttr(1024), print.Attributes["summarize"]);
        Assert.Equal([new Value(print), new Value(it["range"], 1)], it["r"].Inputs.AsSpan()[3..].ToArray());
    }

    [Fact]
    public void Nodes_are_chosen_by_the_beginning_of_their_names()
    {
        Transformed it = Transformed.Run(Ranges, "insert_logging(prefix=lo, prefix=hi)");
        Assert.Equal(["insert_logging: low", "insert_logging: high"], it.Report.Edits);
    }

    [Fact]
    public void Logged_ranges_become_constants()
    {
        string file = Path.GetTempFileName();
        try
        {
            // Of twenty, 5 percent are one: the smallest minimum, -20, does not count; the largest maximum is at the place of the 19th.
            File.WriteAllLines(file, Enumerable.Range(1, 20).Select(i => $"I core/logging.cc:79] ;range__print__;__requant_min_max:[-{i}][{i / 10.0}]")
                .Append(";elsewhere__print__;__requant_min_max:[0][1]").Append(";y__print__;__requant_min_max:[0][1]").Append(";range__print__;__requant_min_max:[a][b]").Append("other"));
            string path = file.Replace('\\', '/');
            Transformed it = Transformed.Run(Ranges, $"freeze_requantization_ranges(min_max_log_file=\"{path}\")");
            Assert.Equal(["freeze_requantization_ranges: range"], it.Report.Edits);
            Assert.Equal([-19], it.Constant("range/frozen_min").Span<float>().ToArray());
            Assert.Equal([2], it.Constant("range/frozen_max").Span<float>().ToArray());
            Assert.Equal(new Value(it["range/frozen_max"]), it["r"].Inputs[4]);
            Assert.Equal(["Nodes were found in the log file that aren't present in the graph: 'elsewhere'", "Node is expected to be a RequantizationRange op: y, but is: Dequantize"], it.Report.Declines.Select(d => d.Reason));
            Assert.Equal([1.6f], Transformed.Run(Ranges, $"freeze_requantization_ranges(min_max_log_file=\"{path}\", max_percentile=25)").Constant("range/frozen_max").Span<float>().ToArray());

            File.WriteAllText(file, "nothing");
            Transformed.Fails(Ranges, $"freeze_requantization_ranges(min_max_log_file=\"{path}\")", PassErrors.CannotTransform, "No min/max range logs were found in the log file");
        }
        finally
        {
            File.Delete(file);
        }

        Transformed.Fails(Ranges, $"freeze_requantization_ranges(min_max_log_file=\"{file}\")", PassErrors.CannotTransform, "the log cannot be read");
        Transformed.Fails(Ranges, "freeze_requantization_ranges", PassErrors.BadParameter, "You must pass a file name to min_max_log_file");
        Transformed.Fails(Ranges, "freeze_requantization_ranges(min_max_log_file=a, min_percentile=101)", PassErrors.BadParameter, "min_percentile is a number from 0 to 100");
    }

    [Fact]
    public void Moving_averages_give_way_to_the_constants_that_they_are_assigned_to()
    {
        const string Ema = """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[4]}
              min = Const() {dtype: float32, value: float32[] {-1} }
              max = Const() {dtype: float32, value: float32[] {1} }
              average = Mul(min, max) {T: float32}
              assign_min = Assign(min, average) {T: float32}
              assign_max = Assign(max, average) {T: float32}
              y = FakeQuantWithMinMaxVars(x, assign_min, assign_max)
            }
            """;
        Transformed it = Transformed.Run(Ema, "remove_ema strip_unused_nodes", verify: false);
        Assert.Equal(["x", "min", "max", "y"], it.Model.Graph.Nodes.Select(n => n.Name));
    }
}
