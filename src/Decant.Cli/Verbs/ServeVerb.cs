using System.CommandLine;
using System.Runtime.InteropServices;
using Decant.Cli.Serve;
using Decant.Lowering;

namespace Decant.Cli.Verbs;

/// <summary><c>decant serve MODEL</c>: a page that runs the model in the browser and shows its graph.</summary>
internal static class ServeVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = CommonOptions.Model();
        Option<int> port = new("--port") { Description = "The port of 127.0.0.1 to listen on; 0 for any that is free", DefaultValueFactory = _ => 0 };
        Option<string?> signature = CommonOptions.Signature();
        Option<string?> tags = CommonOptions.Tags();
        Option<string?> checkpoint = CommonOptions.Checkpoint();
        Option<string?> inputs = CommonOptions.Inputs();
        Option<string?> outputs = CommonOptions.Outputs();
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > ushort.MaxValue)
                result.AddError("--port: expected 0 to 65535");
        });
        var command = new Command("serve", "Run a model in the browser, converted to TensorFlow.js, and look at its graph") { model, port, signature, tags, checkpoint, inputs, outputs };
        command.SetAction(parsed =>
        {
            PageFiles.Embedded.Require();
            var options = new TFJSConvertOptions { Signature = parsed.GetValue(signature), Inputs = CommonOptions.List(parsed.GetValue(inputs)), Outputs = CommonOptions.List(parsed.GetValue(outputs)) };
            using ServedModel served = ServedModel.Of(Opening.Open(parsed.GetValue(model)!, parsed.GetValue(tags), terminal, parsed.GetValue(checkpoint)), options);
            Serve(served, parsed.GetValue(port), terminal).GetAwaiter().GetResult();
            return ExitCode.Done;
        });
        return command.WithExamples("serve saved_model_dir", "serve model.tflite --port 8080");
    }

    /// <summary>Serves until somebody asks to end.</summary>
    private static async Task Serve(ServedModel served, int port, Terminal terminal)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.TrySetResult();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End), terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        PageServer server = await PageServer.Start(served, PageFiles.Embedded, port, CancellationToken.None).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            if (served.Problem is { } problem)
                terminal.Warn($"browsers cannot run it: {problem.Diagnostics[0]}");
            terminal.Out.WriteLine(server.Address);
            terminal.Out.Flush();
            terminal.Say("Ctrl+C ends");
            await end.Task.ConfigureAwait(false);
        }
    }
}
