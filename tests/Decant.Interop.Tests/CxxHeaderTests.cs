using System.Diagnostics;
using Decant.IR.TextForm;
using Decant.Registration;

namespace Decant.Interop.Tests;

/// <summary>A C++ compiler takes the headers for selective registration, and answers their questions while it compiles.</summary>
public sealed class CxxHeaderTests
{
    private const string Compiler = "/usr/bin/g++";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [CxxTheory]
    [InlineData("1.13", "c++11")]
    [InlineData("1.14", "c++11")]
    [InlineData("2.99", "c++11")]
    [InlineData("2.99", "c++17")]
    public void The_header_answers_at_compile_time(string tensorFlow, string standard)
    {
        using Model model = GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32}
              y = MatMul(x, x) {T: float32}
              i = Placeholder() {dtype: int32}
              s = AddN(i, i) {T: int32, N: 2}
            }
            """);
        Version version = Version.Parse(tensorFlow);
        IReadOnlyList<RegisteredKernel> kernels = SelectiveRegistration.Kernels(OpSelection.Of([model]), version, gemmConvolution: false, _ => { });
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ops_to_register.h"], SelectiveRegistration.Header(kernels, version, "decant") + "\n");
        File.WriteAllText(
            folder["main.cc"],
            """
            #include <cstring>
            #include "ops_to_register.h"
            static_assert(SHOULD_REGISTER_OP("MatMul"), "an op of the model");
            static_assert(!SHOULD_REGISTER_OP("Mat"), "the beginning of one");
            static_assert(!SHOULD_REGISTER_OP("Relu"), "another op");
            static_assert(SHOULD_REGISTER_OP_KERNEL("MatMulOp<CPUDevice, float, false>"), "spaces do not count");
            static_assert(SHOULD_REGISTER_OP_KERNEL("AddNOp< CPUDevice,::tensorflow::int32 >"), "wherever they are");
            static_assert(!SHOULD_REGISTER_OP_KERNEL("AddNOp<CPUDevice, int32>"), "the spelling does");
            static_assert(!SHOULD_REGISTER_OP_KERNEL("MatMulOp<CPUDevice, double, false>"), "and the type");
            static_assert(!SHOULD_REGISTER_OP_GRADIENT, "no gradients");
            int main() { return 0; }
            """);
        Compiles(folder, standard);
    }

    [CxxTheory]
    [InlineData("1.13")]
    [InlineData("2.99")]
    public void The_header_of_everything_compiles(string tensorFlow)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["ops_to_register.h"], SelectiveRegistration.HeaderOfAll(Version.Parse(tensorFlow), "decant") + "\n");
        File.WriteAllText(folder["main.cc"], "#include \"ops_to_register.h\"\nstatic_assert(SHOULD_REGISTER_OP(\"A\") && SHOULD_REGISTER_OP_KERNEL(\"B\") && SHOULD_REGISTER_OP_GRADIENT, \"\");\nint main() { return 0; }\n");
        Compiles(folder, "c++11");
    }

    private static void Compiles(TemporaryFolder folder, string standard)
    {
        using Process process = Process.Start(new ProcessStartInfo(Compiler, ["-fsyntax-only", $"-std={standard}", "-Wall", folder["main.cc"]]) { RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Compiler} took more than {Longest}");
        }

        Assert.True(process.ExitCode == 0, error.Result);
    }

    /// <summary>A theory that needs a C++ compiler; skipped with the line that installs it where it is missing, failing there when <c>CI</c> is set.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CxxTheoryAttribute : TheoryAttribute
    {
        public CxxTheoryAttribute() => Skip = File.Exists(Compiler) || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? null : "g++ is missing: apt-get install -y g++";
    }
}
