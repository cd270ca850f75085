using Decant.Formats;
using Decant.IR;
using Decant.Ops;
using Decant.Passes;
using Decant.Passes.Transforms;

namespace Decant.Tests.Architecture;

/// <summary>What is written is also in its table, and the tables of passes and formats are sorted.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Every_class_of_ops_is_in_the_table()
    {
        Assert.True(OpTable.All.TryGet(new OpName(Dialect.TFLite, "FlexAddV2"), out Op? embedded));
        Assert.Empty(Missing<Op>([.. OpTable.All.Ops, embedded]));
    }

    [Fact]
    public void Each_op_that_apps_can_name_has_that_name_and_is_in_the_table()
    {
        (string Property, string Name)[] known = [.. typeof(KnownOps).GetProperties().Select(p => (p.Name, ((Op)p.GetValue(null)!).Name.ToString()))];
        Assert.All(known, k => Assert.Equal(k.Property, k.Name));
        Assert.Equal(OpTable.All.Ops.Where(o => o.Name.Dialect == Dialect.TensorFlow).Select(o => o.Name.ToString()), known.Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_pass_is_in_the_table() => Assert.Empty(Missing<Pass>(PassTable.All.SelectMany(p => TransformList.Parse(p.Example))));

    [Fact]
    public void Every_pass_has_the_name_of_its_entry_and_takes_the_parameters_of_its_example() =>
        Assert.All(PassTable.All, p => Assert.Equal(p.Name, Assert.Single(TransformList.Parse(p.Example)).Name));

    [Fact]
    public void Every_format_is_in_the_table() => Assert.Empty(Missing<ModelFormat>(FormatTable.All));

    [Fact]
    public void Apps_can_name_each_format() =>
        Assert.Equal(FormatTable.All.Select(f => f.Name), typeof(KnownFormats).GetProperties().Select(p => ((ModelFormat)p.GetValue(null)!).Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Passes_and_formats_are_sorted_by_name()
    {
        Sorted(PassTable.All.Select(p => p.Name));
        Sorted(FormatTable.All.Select(f => f.Name));
    }

    private static void Sorted(IEnumerable<string> names)
    {
        string[] found = [.. names];
        Assert.Equal(found.Order(StringComparer.Ordinal), found);
    }

    private static IEnumerable<string> Missing<T>(IEnumerable<T> registered)
        where T : class
    {
        HashSet<Type> there = [.. registered.Select(r => Definition(r.GetType()))];
        return typeof(T).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(T)) && !t.IsAbstract && !there.Contains(Definition(t))).Select(t => t.FullName!);
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;
}
