namespace Decant.Bench;

/// <summary>The published tool answers soon, and converts a small model whole: against a hello-world published the same way.</summary>
internal static class StartupScenario
{
    private const string Model = "samples/image-net";

    public static IEnumerable<string> Run(string folder, string decant, string hello)
    {
        string small = Models.Nodes(folder, 100);
        string Target(string format) => Path.Combine(folder, $"startup-{format}");
        double[] seconds = Timing.Interleaved(
            31,
            () => Timing.Run(hello),
            () => Timing.Run(decant, "inspect", small),
            () => Timing.Run(decant, "convert", Model, "--to", "tfjs", "-o", Target("tfjs")),
            () => Timing.Run(decant, "convert", Model, "--to", "tflite", "-o", Target("tflite")));
        yield return Timing.Ratio("decant inspect of a small model", seconds[1], "hello-world", seconds[0], 2.5);
        yield return Timing.Ratio($"decant convert {Model} --to tfjs, comparison included,", seconds[2], "hello-world", seconds[0], 15);
        yield return Timing.Ratio($"decant convert {Model} --to tflite, comparison included,", seconds[3], "hello-world", seconds[0], 15);
    }
}
