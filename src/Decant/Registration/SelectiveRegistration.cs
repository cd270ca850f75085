using System.Text;
using System.Text.Json;
using Decant.Ops.Catalogue;

namespace Decant.Registration;

/// <summary>
/// What TensorFlow's print_selective_registration_header did: a C++ header, <c>ops_to_register.h</c>, with which TensorFlow is built
/// with the ops and kernels of some models alone (<c>-DSELECTIVE_REGISTRATION -DSUPPORT_SELECTIVE_REGISTRATION</c>).
/// </summary>
public static class SelectiveRegistration
{
    /// <summary>What the original registers besides: executors need it.</summary>
    public const string DefaultOps = "NoOp:NoOp,_Recv:RecvOp,_Send:SendOp";

    // Registered although it has no kernel: it is rewritten before it runs.
    private const string WithoutKernel = "AccumulateNV2";
    private const int MaxListLength = 64 << 20;

    /// <summary>A version of TensorFlow that is newer than any change of a class or of the header.</summary>
    public static Version Newest { get; } = new(2, 99);

    /// <summary>The kernels of a selection, sorted, each pair once.</summary>
    /// <param name="selection">What models need.</param>
    /// <param name="tensorFlow">The version that is built.</param>
    /// <param name="gemmConvolution">Whether Conv2D gets, besides, the kernel that builds with <c>USE_GEMM_FOR_CONV</c> register.</param>
    /// <param name="warn">Is told of ops whose kernel is not found.</param>
    public static IReadOnlyList<RegisteredKernel> Kernels(OpSelection selection, Version tensorFlow, bool gemmConvolution, Action<string> warn)
    {
        var kernels = new List<RegisteredKernel>();
        var warned = new HashSet<string>(StringComparer.Ordinal);
        foreach (NeededKernel kernel in selection.Kernels)
        {
            string op = kernel.Op.ToString();
            if (kernel.Class(tensorFlow) is { } found)
            {
                kernels.Add(new RegisteredKernel(op, found));
                if (gemmConvolution && op == "Conv2D")
                    kernels.Add(new RegisteredKernel(op, KernelClasses.GemmConvolution(kernel.Type("T"))));
            }
            else if (kernel.SourceFiles.Count > 0)
            {
                kernels.Add(new RegisteredKernel(op, null));
                if (warned.Add(op))
                    warn($"Warning: the class of the kernel of op {op} is not known: add it to kNecessaryOpKernelClasses, it is in {string.Join(" or ", kernel.SourceFiles)}");
            }
            else if (op == WithoutKernel)
                kernels.Add(new RegisteredKernel(op, null));
            else if (warned.Add(op))
                warn($"Warning: no kernel found for op {op}");
        }

        return Sorted(kernels);
    }

    /// <summary>Pairs written as <c>NoOp:NoOp,_Recv:RecvOp</c>.</summary>
    /// <exception cref="ModelException">A pair is malformed or names an op that TensorFlow does not have.</exception>
    public static IReadOnlyList<RegisteredKernel> ParseDefaults(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(p => p.Split(':', 2) is [{ Length: > 0 } op, { Length: > 0 } kernel]
            ? new RegisteredKernel(Known(op), kernel)
            : throw RegistrationErrors.BadOpsList.At(null, $"'{p}' is no pair, expected OP:KERNELCLASS", $"--default_ops={DefaultOps}"))];

    /// <summary>The pairs of an ops list: a JSON list of <c>[op, kernel class]</c>, in which the class may be empty or null.</summary>
    /// <exception cref="ModelException">The file is empty, malformed, or names an op that TensorFlow does not have.</exception>
    public static IReadOnlyList<RegisteredKernel> ReadOpsList(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length is 0 or > MaxListLength)
            throw RegistrationErrors.BadOpsList.At(new Location(path), file.Length == 0 ? "Input file should not be empty" : $"the list has {file.Length} bytes, expected at most {MaxListLength}");
        try
        {
            using JsonDocument json = JsonDocument.Parse(file.Bytes.Span.ToArray());
            if (json.RootElement.ValueKind != JsonValueKind.Array)
                throw NoList(path);
            return [.. json.RootElement.EnumerateArray().Select(pair => Pair(pair, path))];
        }
        catch (JsonException e)
        {
            throw RegistrationErrors.BadOpsList.At(new Location(path), $"the list is no JSON: {e.Message.TrimEnd('.')}", """[["Add", "BinaryOp<CPUDevice, functor::add<float>>"], ["NoOp", "NoOp"]]""");
        }
    }

    /// <summary>The header, without a newline at its end.</summary>
    /// <param name="kernels">The pairs.</param>
    /// <param name="tensorFlow">The version that is built; the header changed with 1.14 and 1.15.</param>
    /// <param name="tool">The name of the program, for the first line.</param>
    public static string Header(IEnumerable<RegisteredKernel> kernels, Version tensorFlow, string tool)
    {
        IReadOnlyList<RegisteredKernel> sorted = Sorted(kernels);
        string[] ops = [.. sorted.Select(k => k.Op).Distinct()];
        bool isOld = tensorFlow < new Version(1, 14);
        List<string> classes = [.. HeaderText.Search, "constexpr const char* kNecessaryOpKernelClasses[] = {", .. sorted.Where(k => k.Class is not null).Select(k => $"\"{k.Class}\","), "};", HeaderText.KernelMacro, ""];
        List<string> names =
        [
            "constexpr inline bool ShouldRegisterOp(const char op[]) {",
            "  return false",
            .. ops.Select(o => isOld ? $"     || (strcmp(op, \"{o}\") == 0)" : $"     || isequal(op, \"{o}\")"),
            "  ;",
            "}",
            "#define SHOULD_REGISTER_OP(op) ShouldRegisterOp(op)",
            "",
        ];
        return Guarded([.. isOld ? names.Concat(classes) : classes.Concat(names), $"#define SHOULD_REGISTER_OP_GRADIENT {(ops.Contains("SymbolicGradient") ? "true" : "false")}"], tensorFlow, tool);
    }

    /// <summary>The header that registers everything.</summary>
    /// <inheritdoc cref="Header" />
    public static string HeaderOfAll(Version tensorFlow, string tool) =>
        Guarded(["#define SHOULD_REGISTER_OP(op) true", "#define SHOULD_REGISTER_OP_KERNEL(clz) true", "#define SHOULD_REGISTER_OP_GRADIENT true"], tensorFlow, tool);

    private static string Guarded(IEnumerable<string> lines, Version tensorFlow, string tool)
    {
        var text = new StringBuilder();
        if (tensorFlow >= new Version(1, 15))
            text.Append($"// This file was autogenerated by {tool}\n");
        return text.Append("#ifndef OPS_TO_REGISTER\n#define OPS_TO_REGISTER\n").AppendJoin('\n', lines).Append("\n#endif").ToString();
    }

    private static IReadOnlyList<RegisteredKernel> Sorted(IEnumerable<RegisteredKernel> kernels) =>
        [.. kernels.Distinct().OrderBy(k => k.Op, StringComparer.Ordinal).ThenBy(k => k.Class, StringComparer.Ordinal)];

    private static RegisteredKernel Pair(JsonElement pair, string path)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[0].ValueKind != JsonValueKind.String || pair[1].ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            throw NoList(path);
        return new RegisteredKernel(Known(pair[0].GetString()!), pair[1].GetString() is { Length: > 0 } kernel ? kernel : null);
    }

    private static ModelException NoList(string path) =>
        RegistrationErrors.BadOpsList.At(new Location(path), "expected a JSON list of pairs of an op and a kernel class", """[["Add", "BinaryOp<CPUDevice, functor::add<float>>"], ["NoOp", "NoOp"]]""");

    // Ops with an underscore are TensorFlow's own, which the catalogue does not list.
    private static string Known(string op) =>
        op.StartsWith('_') || OpCatalogue.Find(op) is not null || KernelFiles.Of(op).Count > 0 ? op
            : throw RegistrationErrors.UnknownOp.At(null, $"TensorFlow has no op '{op}'", Spelling.Hint(op, OpCatalogue.Names()));
}
