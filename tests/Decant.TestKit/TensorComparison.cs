using System.Globalization;
using System.Numerics;

namespace Decant.TestKit;

/// <summary>
/// Compares a result with what was expected: |actual - expected| &lt;= absolute + relative * |expected|; NaN equals NaN,
/// infinities of one sign are equal, -0 equals 0; bools and strings must be equal, and integers unless units are allowed.
/// </summary>
public static class TensorComparison
{
    /// <summary>The first difference in words, or null when there is none.</summary>
    /// <param name="declared">The type that TensorFlow declares, which may stand for the expected one: TensorFlow.js gives another one for some ops.</param>
    /// <param name="units">What integers may differ by.</param>
    public static string? Difference(Tensor actual, Tensor expected, double relative, double absolute, DType declared = DType.Invalid, int units = 0)
    {
        if (Layout(actual, expected, declared) is { } layout)
            return layout;
        if (expected.DType == DType.String)
            return DifferentString(actual, expected);
        Complex[] found = Numbers(actual);
        Complex[] wanted = Numbers(expected);
        bool exact = !expected.DType.IsFloating() && !expected.DType.IsComplex();
        for (int i = 0; i < found.Length; i++)
        {
            if (!Near(found[i].Real, wanted[i].Real, exact ? 0 : relative, exact ? units : absolute) || !Near(found[i].Imaginary, wanted[i].Imaginary, relative, absolute))
                return string.Create(CultureInfo.InvariantCulture, $"element {i} of {actual} is {Text(found[i], expected)}, expected {Text(wanted[i], expected)}");
        }

        return null;
    }

    /// <summary>How type or shape differ, or null.</summary>
    public static string? Layout(Tensor actual, Tensor expected, DType declared = DType.Invalid) =>
        (actual.DType == expected.DType || actual.DType == declared) && actual.Shape == expected.Shape ? null : $"is {actual}, expected {expected}";

    /// <summary>The elements as numbers; integers beyond 2^53 lose their last digits.</summary>
    public static Complex[] Numbers(Tensor tensor) => tensor.DType switch
    {
        DType.Complex64 => Convert<Complex64>(tensor, v => v),
        DType.Complex128 => tensor.Span<Complex>().ToArray(),
        DType.Float32 => Convert<float>(tensor, v => v),
        DType.Float64 => Convert<double>(tensor, v => v),
        DType.Float16 => Convert<Half>(tensor, v => (double)v),
        DType.BFloat16 => Convert<BFloat16>(tensor, v => (float)v),
        DType.Bool => Convert<bool>(tensor, v => v ? 1 : 0),
        DType.Int8 or DType.QInt8 => Convert<sbyte>(tensor, v => v),
        DType.Int16 or DType.QInt16 => Convert<short>(tensor, v => v),
        DType.Int32 or DType.QInt32 => Convert<int>(tensor, v => v),
        DType.Int64 => Convert<long>(tensor, v => v),
        DType.UInt8 or DType.QUInt8 => Convert<byte>(tensor, v => v),
        DType.UInt16 or DType.QUInt16 => Convert<ushort>(tensor, v => v),
        DType.UInt32 => Convert<uint>(tensor, v => v),
        DType.UInt64 => Convert<ulong>(tensor, v => v),
        _ => throw new NotSupportedException($"{tensor} has no numbers to compare"),
    };

    private static Complex[] Convert<T>(Tensor tensor, Func<T, Complex> number)
        where T : unmanaged
    {
        ReadOnlySpan<T> span = tensor.Span<T>();
        var numbers = new Complex[span.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = number(span[i]);
        return numbers;
    }

    private static bool Near(double actual, double expected, double relative, double absolute) =>
        actual == expected || (double.IsNaN(actual) && double.IsNaN(expected))
        || (double.IsFinite(expected) && Math.Abs(actual - expected) <= absolute + (relative * Math.Abs(expected)));

    private static string? DifferentString(Tensor actual, Tensor expected)
    {
        for (int i = 0; i < expected.Strings.Length; i++)
        {
            if (!actual.Strings[i].Span.SequenceEqual(expected.Strings[i].Span))
                return $"string {i} of {actual} is '{Utf8(actual.Strings[i])}', expected '{Utf8(expected.Strings[i])}'";
        }

        return null;
    }

    private static string Utf8(ReadOnlyMemory<byte> text) => System.Text.Encoding.UTF8.GetString(text.Span);

    private static string Text(Complex value, Tensor of) =>
        of.DType.IsComplex() ? value.ToString(CultureInfo.InvariantCulture) : value.Real.ToString("R", CultureInfo.InvariantCulture);
}
