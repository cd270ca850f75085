using Decant.Formats.Checkpoint;
using Decant.Inspection;
using Decant.IR;
using Decant.Kernels.Threading;
using Decant.Ops;
using Decant.Passes;
using Decant.Passes.ControlFlow;
using Decant.Passes.Freeze;
using Decant.Runtime;
using Decant.Wire.Npy;
using Decant.Wire.Records;

namespace Decant.Tests.Hostile;

/// <summary>All that the tool does with a path before numbers flow.</summary>
internal static class Reading
{
    /// <summary>What the verbs do with a model, apart from running it.</summary>
    public static (string Name, Action<Model, string> Do)[] Stages { get; } =
    [
        ("inspect", (model, _) => ModelInspector.Inspect(model)),
        ("rewrite", (model, scratch) => model.Save(scratch, "graphdef")),
        ("infer", (model, _) => InferFacts.Run(model)),
        ("inspect what was inferred", (model, _) =>
        {
            InferFacts.Run(model);
            ModelInspector.Inspect(model);
        }),
        ("verify", (model, _) => Verifier.Check(model)),
        ("prepare", (model, _) => Prepare(model)),
        ("freeze", (model, _) => model.Freeze(new FreezeOptions()).Dispose()),
    ];

    /// <summary>Loads a model and does everything with it, whether or not one of the things fails.</summary>
    /// <exception cref="ModelException">The model cannot be loaded, or some of the things cannot be done with it.</exception>
    public static void Everything(string path, string scratch)
    {
        using Model model = Model.Load(path);
        List<Diagnostic> faults = [];
        foreach ((_, Action<Model, string> stage) in Stages)
        {
            try
            {
                stage(model, scratch);
            }
            catch (ModelException e)
            {
                faults.AddRange(e.Diagnostics);
            }
        }

        if (faults.Count > 0)
            throw new ModelException(faults);
    }

    public static void Checkpoint(string prefix)
    {
        using CheckpointReader reader = CheckpointReader.Open(prefix);
        foreach (CheckpointVariable variable in reader.Variables)
            _ = variable.Bytes;
        _ = reader.ObjectGraph;
        CheckpointStrip.Plan(reader);
        reader.Verify();
    }

    public static void Npy(string path) => NpyReader.Read(path);

    public static void Records(string path)
    {
        using TFRecordReader reader = TFRecordReader.Open(path);
        foreach (byte[] record in reader.ReadAll())
            _ = record.Length;
    }

    /// <summary>What <see cref="Session"/> does before the first kernel runs.</summary>
    private static void Prepare(Model model)
    {
        SignatureView view = SignatureView.Of(model);
        Value[] feeds = [.. view.Inputs.Select(i => view.Resolve(i.Name, isInput: true))];
        Value[] fetches = [.. view.Outputs.Select(o => view.Resolve(o.Name, isInput: false))];
        if (model.TFLite is not null)
        {
            new ProgramBuilder(new Engine(model.Functions, OpTable.All, WorkerPool.Shared)).Build(feeds, fetches, []);
            return;
        }

        Model part = ExtractSubgraph.Run(model, feeds, fetches);
        Model raised = RaiseControlFlow.Run(part, [.. feeds.Concat(fetches).Select(v => v with { Node = part.Graph[v.Node.Name] })]);
        Value Find(Value value) => value with { Node = raised.Graph[value.Node.Name] };
        new ProgramBuilder(new Engine(raised.Functions, OpTable.All, WorkerPool.Shared)).Build([.. feeds.Select(Find)], [.. fetches.Select(Find)], []);
    }
}
