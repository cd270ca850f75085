using System.Numerics;
using Decant.IR;
using Decant.Ops.Arrays;

namespace Decant.Ops.Quantized;

/// <summary>
/// Rounds floats to the values that a symmetric quantization with <c>num_bits</c> leaves: round(x·scale) / scale with the largest scale that
/// keeps the range within the integers. The range is inputs 1 and 2 (V1: attributes) with <c>range_given</c>, which also clips, else that of
/// the values; with an axis, each slice has its own. V3 has <c>num_bits</c> as input 3.
/// </summary>
internal sealed class QuantizeAndDequantize(string name) : Op(name), IInfersFacts, IHasKernel
{
    private bool RangeIsAttributes => Name.Name == "QuantizeAndDequantize";

    private bool BitsAreInput => Name.Name == "QuantizeAndDequantizeV3";

    public void Infer(InferenceContext context) => context.Set(0, context.Input(0).DType, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        NodeAttributes attributes = request.Attributes;
        string rounding = RangeIsAttributes || BitsAreInput ? "HALF_TO_EVEN" : attributes.String("round_mode");
        if (rounding is not ("HALF_TO_EVEN" or "HALF_UP"))
            throw GraphErrors.BadAttribute.At(request.Node.At("round_mode"), $"is '{rounding}', expected HALF_TO_EVEN or HALF_UP");
        bool isSigned = attributes.Bool("signed_input");
        var settings = new Settings(
            isSigned, attributes.Bool("range_given"), !RangeIsAttributes && attributes.Bool("narrow_range"), rounding == "HALF_UP", RangeIsAttributes ? -1 : attributes.Int("axis"))
        {
            Bits = BitsAreInput ? null : Bits(request.Node, attributes.Int("num_bits"), isSigned),
            Given = RangeIsAttributes ? (attributes.Float("input_min"), attributes.Float("input_max")) : null,
        };
        DType dtype = request.ElementType();
        return NumberKernel.Of(request, dtype, new Code(settings, dtype));
    }

    private static int Bits(Node node, long bits, bool isSigned) =>
        bits > 0 && bits < (isSigned ? 62 : 63) ? (int)bits : throw OpErrors.BadInput.At(node.At(), $"has {bits} bits, expected 1 to {(isSigned ? 61 : 62)}");

    private sealed record Settings(bool IsSigned, bool RangeGiven, bool Narrow, bool HalfUp, long Axis)
    {
        /// <summary>The number of bits, or null if input 3 says it.</summary>
        public int? Bits { get; init; }

        /// <summary>The range of V1, which has it in attributes.</summary>
        public (float Min, float Max)? Given { get; init; }
    }

    private sealed record Code(Settings Settings, DType DType) : IFloatKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            Shape shape = context.Shape(0);
            if (Settings.Axis < -1 || Settings.Axis >= shape.Rank)
                throw context.Fail($"has the axis {Settings.Axis} for an input of shape {shape}, expected -1 or one of its dimensions");
            int bits = Settings.Bits ?? QuantizeAndDequantize.Bits(context.Node, context.Int(3), Settings.IsSigned);
            int slices = Settings.Axis < 0 ? 1 : (int)shape[(int)Settings.Axis];
            int run = Settings.Axis < 0 ? (int)shape.ElementCount : Axes.Product(shape, (int)Settings.Axis + 1, shape.Rank);
            ReadOnlySpan<T> x = context.WorkInput(0).Span<T>();
            Tensor output = context.BeginOutput(0, DType, shape);
            Span<T> y = context.Writable<T>(output);
            for (int slice = 0; slice < slices && x.Length > 0; slice++)
            {
                (T min, T max) = Settings.RangeGiven ? Given<T>(context, slice, slices) : Found(x, slice * run, run, slices);
                Round(x, y, slice * run, run, slices, Quantization(min, max, bits));
            }

            context.EndOutput(0, DType, output);
        }

        private (T Min, T Max) Given<T>(KernelContext context, int slice, int slices)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            (T min, T max) = Settings.Given is { } given ? (T.CreateTruncating(given.Min), T.CreateTruncating(given.Max)) : (Of(1), Of(2));
            return min <= max ? (min, max) : throw context.Fail($"has the range {min} to {max}, expected the second to be larger");

            T Of(int input) => context.Input(input).ElementCount == slices ? context.WorkInput(input).Span<T>()[slice]
                : throw context.Fail($"input {input} is {context.Input(input)}, expected {slices} elements");
        }

        private static (T Min, T Max) Found<T>(ReadOnlySpan<T> x, int start, int run, int slices)
            where T : IFloatingPointIeee754<T>
        {
            (T min, T max) = (T.PositiveInfinity, T.NegativeInfinity);
            for (int from = start; from < x.Length; from += run * slices)
            {
                foreach (T value in x.Slice(from, run))
                    (min, max) = (T.Min(min, value), T.Max(max, value));
            }

            return (min, max);
        }

        private (T Min, T Max, T Scale, T Inverse) Quantization<T>(T min, T max, int bits)
            where T : IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            T lowest = T.CreateTruncating(!Settings.IsSigned ? 0 : -(1L << (bits - 1)) + (Settings.Narrow ? 1 : 0));
            T highest = T.CreateTruncating((1L << (Settings.IsSigned ? bits - 1 : bits)) - 1);
            T fromMin = lowest * min > T.Zero ? lowest / min : T.MaxValue;
            T fromMax = highest * max > T.Zero ? highest / max : T.MaxValue;
            if (fromMin < fromMax)
                return (min, highest * (min / lowest), fromMin, min / lowest);
            return (lowest * (max / highest), max, fromMax, max / highest);
        }

        private void Round<T>(ReadOnlySpan<T> x, Span<T> y, int start, int run, int slices, (T Min, T Max, T Scale, T Inverse) to)
            where T : IFloatingPointIeee754<T>
        {
            T half = T.CreateTruncating(0.5);
            for (int from = start; from < x.Length; from += run * slices)
            {
                for (int i = from; i < from + run; i++)
                {
                    T value = (Settings.RangeGiven ? T.Max(T.Min(x[i], to.Max), to.Min) : x[i]) * to.Scale;
                    y[i] = (Settings.HalfUp ? T.Floor(value + half) : T.Round(value, MidpointRounding.ToEven)) * to.Inverse;
                }
            }
        }
    }
}
