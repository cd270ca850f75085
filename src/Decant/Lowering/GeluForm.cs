using Decant.IR;

namespace Decant.Lowering;

/// <summary>
/// TensorFlow's nodes that compute GELU together, which TensorFlow Lite has as an operator: x·(1 + erf(x / √2)) / 2 (also by erfc), or the
/// approximation x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2, with factors in any order and however they are grouped.
/// </summary>
/// <param name="X">What the function is of.</param>
/// <param name="IsApproximate">Whether it is the form of tanh.</param>
internal sealed record GeluForm(Value X, bool IsApproximate)
{
    private const double RootOfHalf = 0.70710678118654752, RootOfTwoByPi = 0.79788456080286536, Cubic = 0.044715;

    /// <summary>Of constants that were rounded to float32, or written with seven digits.</summary>
    private const double Tolerance = 1e-6;

    /// <summary>The form whose result a node of float32 is; null if there is none.</summary>
    public static GeluForm? Find(Node node)
    {
        if (node.Op.Name is not ("Mul" or "Div" or "RealDiv") || node.Fact(0).DType != DType.Float32)
            return null;
        foreach (Value gate in Factors.Of(node, default).Values)
        {
            if (Gate(gate) is not { } found || Factors.Of(node, found.Form.X) is not { Values: [var a, var b] } factors || !IsNear(factors.Scale * found.Scale, 0.5))
                continue;
            // Constants of more dimensions than x would give it more.
            if (found.Form.X.Node.Fact(found.Form.X.Port).Shape.Rank != node.Fact(0).Shape.Rank)
                continue;
            if ((a == found.Form.X && b == gate) || (b == found.Form.X && a == gate))
                return found.Form;
        }

        return null;
    }

    /// <summary>The form whose factor beside x a value is, s·(1 + erf(..)) or s·(1 + tanh(..)), and s.</summary>
    private static (GeluForm Form, double Scale)? Gate(Value value)
    {
        if (value is { Port: 0, Node: { Op.Name: "Erfc", Inputs: [var complement] } })
            return Scaled(complement, -RootOfHalf) is { } negative ? (new GeluForm(negative, IsApproximate: false), 1) : null;
        foreach ((Value one, Value other) in Terms(value))
        {
            if (Number(one) is not { } scale || Factors.Of(other, default) is not { Values: [{ Port: 0, Node: { Op.Name: "Erf" or "Tanh", Inputs: [var argument] } function }] } term || !IsNear(term.Scale, scale))
                continue;
            if ((function.Op.Name == "Erf" ? Scaled(argument, RootOfHalf) : Polynomial(argument)) is { } x)
                return (new GeluForm(x, function.Op.Name == "Tanh"), scale);
        }

        return null;
    }

    /// <summary>The x of a value that is x·scale.</summary>
    private static Value? Scaled(Value value, double scale)
    {
        foreach (Value x in value.Node.Inputs.Concat(Factors.Of(value, default).Values))
        {
            if (x.IsPresent && Factors.Of(value, x) is { Values: [var only] } factors && only == x && IsNear(factors.Scale, scale))
                return x;
        }

        return null;
    }

    /// <summary>The x of √(2/π)·(x + 0.044715·x³), or of √(2/π)·x·(1 + 0.044715·x²).</summary>
    private static Value? Polynomial(Value value)
    {
        Factors whole = Factors.Of(value, default);
        foreach (Value sum in whole.Values)
        {
            foreach ((Value first, Value second) in Terms(sum))
            {
                if (whole.Values.Count == 1 && IsNear(whole.Scale, RootOfTwoByPi) && IsPower(second, first, 3))
                    return first;
                if (Number(first) != 1 || whole.Values.Find(v => v != sum) is not { IsPresent: true } x || !IsPower(second, x, 2))
                    continue;
                if (Factors.Of(value, x) is { Values.Count: 2 } factors && factors.Values.Contains(x) && IsNear(factors.Scale, RootOfTwoByPi))
                    return x;
            }
        }

        return null;
    }

    /// <summary>Whether a value is 0.044715 times a power of x.</summary>
    private static bool IsPower(Value value, Value x, int power) =>
        Factors.Of(value, x) is var factors && factors.Values.Count == power && factors.Values.TrueForAll(v => v == x) && IsNear(factors.Scale, Cubic);

    /// <summary>Both terms of a sum, in both orders.</summary>
    private static (Value, Value)[] Terms(Value value) =>
        value is { Port: 0, Node: { Op.Name: "Add" or "AddV2", Inputs: [var a, var b] } } ? [(a, b), (b, a)] : [];

    private static double? Number(Value value) => value.Constant is { DType: DType.Float32, ElementCount: 1 } constant ? constant.Span<float>()[0] : null;

    private static bool IsNear(double value, double wanted) => Math.Abs(value - wanted) <= Tolerance * Math.Abs(wanted);

    /// <summary>A product taken apart: its constants, and what is multiplied besides.</summary>
    private sealed record Factors(double Scale, List<Value> Values)
    {
        // A form has no more; chains of squares and negations would have no end.
        private const int Most = 8, MostNodes = 32;

        /// <summary>The factors of a value, in which one value is not taken apart.</summary>
        public static Factors Of(Value value, Value whole)
        {
            List<Value> values = [];
            double scale = 1;
            int nodes = 0;
            Take(value, 1);
            return new Factors(scale, values);

            void Take(Value factor, int times)
            {
                if (factor != whole && values.Count < Most && times < Most && ++nodes <= MostNodes && factor is { IsPresent: true, Port: 0, Node: { } node })
                {
                    if (Number(factor) is { } number)
                    {
                        scale *= Math.Pow(number, times);
                        return;
                    }

                    switch (node.Op.Name, node.Inputs)
                    {
                        case ("Mul", [var a, var b]):
                            Take(a, times);
                            Take(b, times);
                            return;
                        case ("Div" or "RealDiv", [var a, var b]) when Number(b) is { } divisor:
                            scale /= Math.Pow(divisor, times);
                            Take(a, times);
                            return;
                        case ("Square", [var a]):
                            Take(a, 2 * times);
                            return;
                        case ("Pow", [var a, var b]) when Number(b) is 2 or 3:
                            Take(a, (int)Number(b)!.Value * times);
                            return;
                        case ("Neg", [var a]):
                            scale *= times % 2 == 0 ? 1 : -1;
                            Take(a, times);
                            return;
                    }
                }

                values.AddRange(Enumerable.Repeat(factor, times));
            }
        }
    }
}
