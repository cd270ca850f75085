using System.Reflection;
using System.Text;
using Decant.Ops;

namespace Decant.Docs;

/// <summary>
/// The two tables of ops that are source: <c>KnownOps</c>, which names each op for apps, and <c>Families</c>, which lists all
/// for the library. Their origin is the static properties of the families' classes, one for each op.
/// </summary>
internal static class OpSources
{
    private const string Head = $"// Generated: {Pages.Command}\n";

    /// <summary>The ops that the classes of families give, sorted by name.</summary>
    private static readonly (string Family, string Class, string Name)[] Found =
    [
        .. typeof(Op).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: true, IsSealed: true, IsNested: false } && t.Namespace!.StartsWith("Decant.Ops.", StringComparison.Ordinal))
            .SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.Public).Where(p => p.PropertyType == typeof(Op)).Select(p => (t.Namespace!["Decant.Ops.".Length..], t.Name, p.Name)))
            .OrderBy(o => o.Item3, StringComparer.Ordinal),
    ];

    private static readonly string[] FamilyNames = [.. Found.Select(o => o.Family).Distinct().Order(StringComparer.Ordinal)];

    public static string KnownOps()
    {
        var source = new StringBuilder(Head);
        foreach (string family in FamilyNames)
            source.Append($"using Decant.Ops.{family};\n");
        source.Append(
            """

            namespace Decant.Ops;

            /// <summary>
            /// Every op of Decant by its name, made anew each time it is asked for. An app that is trimmed carries those that it names:
            /// <c>new OpTable([KnownOps.Const, KnownOps.MatMul])</c>. <c>decant ops MODEL --csharp FILE.cs</c> writes such a table.
            /// </summary>
            public static class KnownOps
            {

            """);
        foreach ((_, string type, string name) in Found)
            source.Append($"    public static Op {name} => {type}.{name};\n");
        return source.Append("}\n").ToString();
    }

    public static string Families()
    {
        var source = new StringBuilder(Head).Append(
            $$"""
            namespace Decant.Ops;

            /// <summary>The families of ops. An op is made when it is asked for.</summary>
            internal static class Families
            {
                public static readonly Func<IEnumerable<Op>>[] All = [{{string.Join(", ", FamilyNames)}}];

                /// <summary>An op by its name; null when there is none.</summary>
                public static Op? Make(string name) => name switch
                {

            """);
        foreach ((_, _, string name) in Found)
            source.Append($"        \"{name}\" => KnownOps.{name},\n");
        source.Append("        _ => null,\n    };\n");
        foreach (string family in FamilyNames)
        {
            source.Append($"\n    private static Op[] {family}() =>\n    [\n");
            foreach ((_, _, string name) in Found.Where(o => o.Family == family))
                source.Append($"        KnownOps.{name},\n");
            source.Append("    ];\n");
        }

        return source.Append("}\n").ToString();
    }
}
