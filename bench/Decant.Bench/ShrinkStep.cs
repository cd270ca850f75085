namespace Decant.Bench;

/// <summary>The steps by which the text CNN becomes small, each a command of the published tool.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Output">The file (or checkpoint prefix) that it writes.</param>
/// <param name="Arguments">The command line.</param>
internal sealed record ShrinkStep(string Name, string Output, string[] Arguments)
{
    /// <summary>The words that the last step keeps: the first ones, as the most frequent come first.</summary>
    public const int WordsKept = 50_000;

    /// <summary>All steps.</summary>
    public static ShrinkStep[] All(string folder)
    {
        string source = TextCnnModel.Write(folder);
        string In(string name) => Path.Combine(folder, "text-cnn", name);
        ShrinkStep Compress(string name, string file, params string[] arguments) =>
            new(name, In(file), ["compress", In("frozen.pb"), "--outputs", "output/scores", "--no-run", "--no-packed", "-o", In(file), .. arguments]);
        return
        [
            new("checkpoint strip", In("strip/model.ckpt"), ["checkpoint", "strip", source, "-o", In("strip/model.ckpt")]),
            new("freeze", In("frozen.pb"), ["freeze", source, "--outputs", "output/scores", "-o", In("frozen.pb")]),
            Compress("float16", "float16.pb", "--with", "float16"),
            Compress("bfloat16", "bfloat16.pb", "--with", "bfloat16"),
            Compress("int8", "int8.pb", "--with", "int8"),
            Compress("int8 per channel", "int8c.pb", "--with", "int8-per-channel"),
            Compress("256 steps", "steps256.pb", "--with", "steps=256"),
            Compress("16 clusters", "clusters16.pb", "--with", "clusters=16"),
            Compress("80 % pruned", "pruned32.pb", "--with", "prune=0.8"),
            Compress("80 % pruned, int8", "pruned.pb", "--with", "prune=0.8+int8"),
            Compress("equal rows merged, int8", "merged.pb", "--merge-rows", "--with", "int8"),
            Compress("low rank 8", "rank8.pb", "--with", "low-rank=8"),
            Compress("50,000 words, int8", "words.pb", "--vocabulary", TextCnnModel.WriteVocabulary(folder), "--keep-first", $"{WordsKept}", "--with", "int8"),
            Compress("50,000 words, 80 % pruned, 16 clusters", "least-words.pb", "--vocabulary", TextCnnModel.WriteVocabulary(folder), "--keep-first", $"{WordsKept}", "--with", "prune=0.8+clusters=16"),
        ];
    }

    /// <summary>Everything that the step wrote.</summary>
    public string[] Files => File.Exists(Output) ? [Output] : Directory.GetFiles(Path.GetDirectoryName(Output)!, Path.GetFileName(Output) + ".*");
}
