using Decant.IR;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>Operators that keep a state from step to step and from run to run.</summary>
internal static class RecurrentOps
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("BIDIRECTIONAL_SEQUENCE_LSTM", Bidirectional),
        new TFLiteOp("BIDIRECTIONAL_SEQUENCE_RNN", BidirectionalRnn),
        new TFLiteOp("LSTM", r => r.Attributes.String("kernel_type") == "BASIC" ? BasicLstm.Prepare(r) : Lstm(r, isTimeMajor: true)),
        new TFLiteOp("RNN", r => Rnn(r, isTimeMajor: true)),
        new TFLiteOp("SVDF", Svdf.Prepare),
        new TFLiteOp("UNIDIRECTIONAL_SEQUENCE_LSTM", r => Lstm(r, r.Attributes.Bool("time_major"))),
        new TFLiteOp("UNIDIRECTIONAL_SEQUENCE_RNN", r => Rnn(r, r.Attributes.Bool("time_major"))),
    ];

    private static Kernel Lstm(KernelRequest request, bool isTimeMajor)
    {
        switch (request.InputType(0))
        {
            case DType.Float32:
                var floats = new FloatLstm(request, LstmInputs.Single, hasAuxiliary: false);
                return Kernel.Of(context => floats.Run(context, context.Input(0), null, isTimeMajor, true, Output(context, 0, isTimeMajor, floats.OutputSize(context)), floats.OutputSize(context), 0));
            case DType.Int8 when request.Node.Tensors.Count > ByteLstm.Intermediates:
                var bytes = new ByteLstm(request);
                return Kernel.Of(bytes.Run);
            case DType.Int8:
                var integers = new IntegerLstm(request);
                return Kernel.Of(context => integers.Run(context, isTimeMajor));
            case var type:
                throw request.NoKernel($"for elements of type {type.Name()}");
        }
    }

    private static Kernel Bidirectional(KernelRequest request)
    {
        const int Auxiliary = 39;
        bool merges = request.Attributes.Bool("merge_outputs"), isTimeMajor = request.Attributes.Bool("time_major"), hasAuxiliary = request.HasInput(Auxiliary);

        // An auxiliary input without weights is the backward direction's input.
        bool hasWeights = request.HasInput(LstmInputs.Forward.Auxiliary + (int)LstmGate.Forget);
        var forward = new FloatLstm(request, LstmInputs.Forward, hasWeights);
        var backward = new FloatLstm(request, LstmInputs.Backward, hasWeights);
        return Kernel.Of(context =>
        {
            (int first, int second) = (forward.OutputSize(context), backward.OutputSize(context));
            Tensor? auxiliary = hasAuxiliary && hasWeights ? context.Input(Auxiliary) : null;
            Tensor backwardInput = hasAuxiliary && !hasWeights ? context.Input(Auxiliary) : context.Input(0);
            Span<float> output = Output(context, 0, isTimeMajor, merges ? first + second : first);
            forward.Run(context, context.Input(0), auxiliary, isTimeMajor, true, output, merges ? first + second : first, 0);
            if (merges)
                backward.Run(context, backwardInput, auxiliary, isTimeMajor, false, output, first + second, first);
            else
                backward.Run(context, backwardInput, auxiliary, isTimeMajor, false, Output(context, 1, isTimeMajor, second), second, 0);
        });
    }

    private static Kernel Rnn(KernelRequest request, bool isTimeMajor)
    {
        var rnn = new SimpleRnn(request, 1);
        return Kernel.Of(context => rnn.Run(context, context.Input(0), null, isTimeMajor, true, Output(context, 0, isTimeMajor, rnn.Units(context)), rnn.Units(context), 0));
    }

    private static Kernel BidirectionalRnn(KernelRequest request)
    {
        const int Auxiliary = 9, ForwardAuxiliary = 10, BackwardAuxiliary = 11;
        bool merges = request.Attributes.Bool("merge_outputs"), isTimeMajor = request.Attributes.Bool("time_major"), hasAuxiliary = request.HasInput(Auxiliary);

        // With integer weights and time first, TensorFlow Lite's kernel runs the whole sequence once for each of its steps, and keeps the
        // state in between. Results are to be the same.
        bool hasWeights = request.HasInput(ForwardAuxiliary), isHybrid = request.InputType(1) != DType.Float32;
        SimpleRnn forward = new(request, 1, ForwardAuxiliary), backward = new(request, 5, BackwardAuxiliary);
        return Kernel.Of(context =>
        {
            (int first, int second) = (forward.Units(context), backward.Units(context));
            Tensor? auxiliary = hasAuxiliary && hasWeights ? context.Input(Auxiliary) : null;
            Tensor backwardInput = hasAuxiliary && !hasWeights ? context.Input(Auxiliary) : context.Input(0);
            Span<float> output = Output(context, 0, isTimeMajor, merges ? first + second : first);
            Span<float> other = merges ? output : Output(context, 1, isTimeMajor, second);
            for (int i = isTimeMajor && isHybrid ? new RecurrentSequence(context, context.Input(0), isTimeMajor).Time : 1; i > 0; i--)
            {
                forward.Run(context, context.Input(0), auxiliary, isTimeMajor, true, output, merges ? first + second : first, 0);
                backward.Run(context, backwardInput, auxiliary, isTimeMajor, false, other, merges ? first + second : second, merges ? first : 0);
            }
        });
    }

    private static Span<float> Output(KernelContext context, int port, bool isTimeMajor, int size) =>
        context.Output<float>(port, RecurrentSequence.Output(context, isTimeMajor, size));
}
