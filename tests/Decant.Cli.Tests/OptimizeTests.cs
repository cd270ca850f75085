namespace Decant.Cli.Tests;

/// <summary><c>optimize</c> and <c>bisect</c>, used as a user does.</summary>
public sealed class OptimizeTests
{
    /// <summary>y = (x + 0.1)·0.3 per channel behind a convolution, with a constant to compute and an Identity on the way.</summary>
    private static string Model(TemporaryFolder folder)
    {
        using Model model = IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[1, 3]}
              w = Const() {dtype: float32, value: float32[3, 2] {0.3, 0.1, 0.7, 0.9, 0.37, 0.21}}
              w/read = Identity(w) {T: float32}
              a = Const() {dtype: float32, value: float32[2] {0.1, 0.7}}
              b = Neg(a) {T: float32}
              m = MatMul(x, w/read) {T: float32, transpose_a: false, transpose_b: false}
              scaled = Mul(m, b) {T: float32}
              y = Identity(scaled) {T: float32}
            }
            """);
        model.Save(folder["model.pb"], "graphdef");
        return folder["model.pb"];
    }

    [Fact]
    public void The_result_runs_under_the_same_names_and_it_is_said_what_changed()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("optimize", Model(folder), "-o", folder["small.pb"]).Ends(ExitCode.Done);
        Assert.Contains("(of 8, 8 when frozen)", run.Out, StringComparison.Ordinal);
        Assert.Contains("same outputs as the original on random inputs", run.Out, StringComparison.Ordinal);
        Cli.Run("compare", folder["model.pb"], folder["small.pb"]).Ends(ExitCode.Done);
        Cli.Run("run", folder["small.pb"], "--random", "1", "--output", "y").Ends(ExitCode.Done);
    }

    [Fact]
    public void Edits_and_declines_are_explained()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--explain", "--exclude-op", "Neg").Ends(ExitCode.Done);
        Assert.Contains("remove_identities: w/read (Identity)", run.Out, StringComparison.Ordinal);
        Assert.Contains("constant_folding: b not taken: is excluded from folding", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Edits_can_be_limited_and_passes_left_out()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(" 1 edits", Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--max-edits", "1", "--no-verify").Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Assert.DoesNotContain("constant_folding", Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--explain", "--without", "constant_folding").Ends(ExitCode.Done).Out, StringComparison.Ordinal);
        Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--without", "constant_foldings").Refuses("did you mean 'constant_folding'?");
    }

    [Fact]
    public void Names_that_are_not_there_are_refused_with_the_nearest()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--outputs", "scalet").Refuses("did you mean 'scaled'?");
        Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--exclude-node", "scalet").Refuses("no node named 'scalet'", "did you mean 'scaled'?");
        Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--exclude-op", "MatMull").Refuses("--exclude-op MatMull: TensorFlow has no such op", "did you mean 'MatMul'?");
    }

    [Theory]
    [InlineData("--max-edits -3")]
    [InlineData("--max-growth -1")]
    [InlineData("--rtol -0.1")]
    [InlineData("--atol nan")]
    public void Numbers_below_0_are_refused(string option)
    {
        using var folder = new TemporaryFolder();
        Cli.Run(["bisect", Model(folder), .. option.Split(' ')]).Refuses($"{option}: expected a number from 0");
    }

    [Fact]
    public void A_result_that_differs_is_not_written_and_the_edit_behind_it_is_found()
    {
        // Weights that are scaled are rounded once more, which no tolerance of 0 allows.
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("optimize", Model(folder), "-o", folder["small.pb"], "--rtol", "0", "--atol", "0").Ends(ExitCode.No);
        run.Says("the output 'y' of the optimized model differs by", "[optimized-differs]", "decant bisect", "nothing was written");
        Assert.False(File.Exists(folder["small.pb"]));
        Cli found = Cli.Run("bisect", folder["model.pb"], "--rtol", "0", "--atol", "0").Ends(ExitCode.No);
        Assert.Contains(": fold_output_scales: scaled (Mul into m)", found.Out, StringComparison.Ordinal);
        Assert.Contains("y: ", found.Out, StringComparison.Ordinal);
        Assert.Contains("the outputs stay within the tolerance after all", Cli.Run("bisect", folder["model.pb"]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
    }
}
