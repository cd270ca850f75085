namespace Decant.Bench;

/// <summary>
/// Time grows with the number of nodes, and no faster: measured on the published tool, as its users do, and on the library
/// in a warm process, where 100,000 nodes stay in the processor's cache from run to run and 1,000,000 do not.
/// </summary>
internal static class NodesScenario
{
    public static IEnumerable<string> Run(string folder, string decant)
    {
        string few = Models.Nodes(folder, 100_000);
        string many = Models.Nodes(folder, 1_000_000);
        double[] tool = Timing.Interleaved(9, () => Timing.Run(decant, "inspect", few), () => Timing.Run(decant, "inspect", many));
        yield return Timing.Ratio("decant inspect of 1,000,000 nodes", tool[1], "100,000 nodes", tool[0], 10);
        double[] library = Timing.Interleaved(5, () => OpenScenario.Inspect(few), () => OpenScenario.Inspect(many));
        yield return Timing.Ratio("in a warm process, inspect 1,000,000 nodes", library[1], "100,000 nodes", library[0], 10);
    }
}
