using System.Text;
using Decant.Ops.Text;

namespace Decant.Ops.ControlFlow;

/// <summary>
/// Hands its first input on and writes the others to <see cref="SessionOptions.Log"/>, kept in the session's resources under
/// the empty name; without one it writes nothing.
/// </summary>
internal sealed class Print() : Op("Print"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, context.Input(0));

    public Kernel Prepare(KernelRequest request)
    {
        string message = request.Attributes.String("message");
        int summarize = (int)request.Attributes.Int("summarize");
        long left = request.Attributes.Int("first_n") is >= 0 and long first ? first : long.MaxValue;
        return Kernel.Of(context =>
        {
            context.SetOutput(0, context.Input(0));
            if (!context.Resources.TryGet("", out TextWriter? writer) || left-- <= 0)
                return;
            var line = new StringBuilder(message);
            foreach (Tensor data in context.Inputs(1))
                line.Append('[').Append(TensorText.Summarize(data, summarize)).Append(']');
            writer.WriteLine(line.ToString());
        });
    }
}

/// <summary>Writes a string, as <see cref="Print"/> does; a graph may not write it to a file.</summary>
internal sealed class PrintV2() : Op("PrintV2"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
    }

    public Kernel Prepare(KernelRequest request)
    {
        string end = request.Attributes.String("end");
        if (request.Attributes.String("output_stream") is var stream && stream.StartsWith("file://", StringComparison.Ordinal))
            throw OpErrors.FileRefused.At(request.Node.At("output_stream"), $"prints to the file '{stream["file://".Length..]}'", "a graph may not write files: remove the node, or fetch the string it prints");
        return Kernel.Of(context =>
        {
            if (context.Input(0) is not { DType: DType.String, ElementCount: 1 } text)
                throw context.Fail($"prints {context.Input(0)}, expected one string");
            if (context.Resources.TryGet("", out TextWriter? writer))
                writer.Write(Encoding.UTF8.GetString(text.Strings[0].Span) + end);
        });
    }
}
