namespace Decant.Registration;

/// <summary>The parts of the header that are the same for all models.</summary>
internal static class HeaderText
{
    /// <summary>Asks whether the text of a class is among those that are necessary.</summary>
    public const string KernelMacro =
        "#define SHOULD_REGISTER_OP_KERNEL(clz) (find_in<sizeof(kNecessaryOpKernelClasses) / sizeof(*kNecessaryOpKernelClasses)>::f(clz, kNecessaryOpKernelClasses))";

    /// <summary>
    /// Finds a text among others at compile time, without regard to spaces. A function of C++11 that is a constant is one
    /// expression, so that loops are recursions.
    /// </summary>
    public static readonly string[] Search =
    [
        "",
        "    namespace {",
        "      constexpr const char* skip(const char* x) {",
        "        return *x == ' ' ? skip(x + 1) : x;",
        "      }",
        "",
        "      constexpr bool isequal(const char* x, const char* y) {",
        "        return *skip(x) == *skip(y) && (*skip(x) == '\\0' || isequal(skip(x) + 1, skip(y) + 1));",
        "      }",
        "",
        "      template<int N> struct find_in {",
        "        static constexpr bool f(const char* x, const char* const y[N]) {",
        "          return isequal(x, y[0]) || find_in<N - 1>::f(x, y + 1);",
        "        }",
        "      };",
        "",
        "      template<> struct find_in<0> {",
        "        static constexpr bool f(const char* x, const char* const y[]) {",
        "          return false;",
        "        }",
        "      };",
        "    }  // end namespace",
    ];
}
