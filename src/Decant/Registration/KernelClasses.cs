using System.Globalization;
using System.Text;

namespace Decant.Registration;

/// <summary>
/// The C++ classes of TensorFlow's CPU kernels, as the text of their registration. Selective registration compares that text at
/// compile time, spaces apart, so that <c>int32</c> and <c>::tensorflow::int32</c> are not the same.
/// </summary>
internal static partial class KernelClasses
{
    private static readonly Lazy<ILookup<string, string[]>> Rows = new(() =>
        Encoding.UTF8.GetString(Table).Split('\n').Select(l => l.TrimEnd('\r').Split('\t')).ToLookup(r => r[0], StringComparer.Ordinal));

    /// <summary>The class of a kernel; null when it is not known.</summary>
    /// <param name="op">The op.</param>
    /// <param name="type">The types of its attributes.</param>
    /// <param name="tensorFlow">The version of TensorFlow.</param>
    public static KernelClass? Find(string op, Func<string, DType> type, Version tensorFlow)
    {
        string[]? row = Rows.Value[op].FirstOrDefault(r => r.ElementAtOrDefault(1) is not { Length: > 0 } where || where.Split(',').All(c => Holds(c, type)));
        return row is null ? null : Fill(Template(row, tensorFlow), type);
    }

    /// <summary>The class of the kernel that mobile builds with <c>USE_GEMM_FOR_CONV</c> register for <c>Conv2D</c>.</summary>
    public static string GemmConvolution(DType type)
    {
        string t = Literal(type);
        return $"Conv2DUsingGemmOp<{t}, Im2ColConvFunctor<{t}, {t}, {t}, FastGemmFunctor<{t}, {t}, {t}>>>";
    }

    private static bool Holds(string condition, Func<string, DType> type)
    {
        string[] sides = condition.Split('=');
        DType found = type(sides[0]);
        bool isInteger = found is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64 or DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;
        return sides[1] switch { "ints" => isInteger, "floats" => !isInteger, string name => Literal(found) == name || found.Name() == name };
    }

    /// <summary>The oldest of the row's classes that the version had not given up yet.</summary>
    private static string Template(string[] row, Version tensorFlow)
    {
        foreach (string earlier in row.ElementAtOrDefault(3) is { Length: > 0 } all ? all.Split("; ") : [])
        {
            int equals = earlier.IndexOf('=', StringComparison.Ordinal);
            if (tensorFlow < Version.Parse(earlier[..equals]))
                return earlier[(equals + 1)..];
        }

        return row[2];
    }

    private static KernelClass? Fill(string template, Func<string, DType> type)
    {
        var text = new StringBuilder();
        DType throughMacro = DType.Invalid;
        for (int at = 0; at < template.Length;)
        {
            int open = template.IndexOf('{', at);
            if (open < 0)
            {
                text.Append(template, at, template.Length - at);
                break;
            }

            int close = template.IndexOf('}', open);
            string name = template[(open + 1)..close];
            bool isMacro = name.EndsWith(":q", StringComparison.Ordinal);
            DType dtype = type(isMacro ? name[..^2] : name);
            if (dtype == DType.Invalid)
                return null;
            throughMacro = isMacro ? dtype : throughMacro;
            text.Append(template, at, open - at).Append(isMacro ? Qualified(dtype) : Literal(dtype));
            at = close + 1;
        }

        return new KernelClass(text.ToString(), throughMacro);
    }

    private static string Literal(DType dtype) => dtype switch
    {
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Float16 => "Eigen::half",
        DType.Resource => "ResourceHandle",
        DType.Variant => "Variant",
        _ => dtype.Name(),
    };

    private static string Qualified(DType dtype) =>
        dtype is DType.Float32 or DType.Float64 or DType.Float16 or DType.Bool or DType.String ? Literal(dtype) : string.Create(CultureInfo.InvariantCulture, $"::tensorflow::{Literal(dtype)}");
}

/// <summary>A class of kernels.</summary>
/// <param name="Class">Its text.</param>
/// <param name="ThroughMacro">
/// The type for which a TF_CALL macro registers it, which does nothing in mobile builds for most types; Invalid when it is
/// registered by hand.
/// </param>
internal sealed record KernelClass(string Class, DType ThroughMacro);
