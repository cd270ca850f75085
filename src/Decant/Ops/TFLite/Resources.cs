using System.Text;
using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Resource variables and hash tables, which the session keeps.</summary>
internal static class Resources
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("ASSIGN_VARIABLE", _ => Kernel.Of(c => Variable(c).Value = c.Keep(c.Input(1)))),
        new TFLiteOp("HASHTABLE", HashTable),
        new TFLiteOp("HASHTABLE_FIND", _ => Kernel.Of(Find)),
        new TFLiteOp("HASHTABLE_IMPORT", _ => Kernel.Of(c => Table(c).Import(c, c.Input(1), c.Input(2)))),
        new TFLiteOp("HASHTABLE_SIZE", _ => Kernel.Of(c => c.Output<long>(0, new Shape(1))[0] = Table(c).Count)),
        new TFLiteOp("READ_VARIABLE", _ => Kernel.Of(c => c.SetOutput(0, Variable(c).Value ?? throw OpErrors.Uninitialized.At(c.Node.At(), $"reads the variable '{Variable(c).Name}' before it has a value")))),
        new TFLiteOp("VAR_HANDLE", VarHandle),
    ];

    private static Kernel VarHandle(KernelRequest request)
    {
        string name = $"{Text(request, "container")}/{Text(request, "shared_name")}";
        TensorSpec spec = request.OutputSpec();
        return Kernel.Of(c => c.SetOutput(0, new Tensor(DType.Resource, Shape.Scalar, [c.Resources.GetOrAdd(name, () => new Variable(name, spec.DType, Shape.Unknown))])));
    }

    private static string Text(KernelRequest request, string attribute) => (request.Attributes.Find(attribute) as StringAttr)?.Text ?? "";

    private static Variable Variable(KernelContext context) => Handle<Variable>(context, "variable");

    private static TFLiteTable Table(KernelContext context) => Handle<TFLiteTable>(context, "hash table");

    private static T Handle<T>(KernelContext context, string what)
        where T : class =>
        context.Input(0) is { DType: DType.Resource, ElementCount: 1 } handle && handle.Handles[0] is T found ? found : throw context.Fail($"input 0 is {context.Input(0)}, expected a {what}");

    private static Kernel HashTable(KernelRequest request)
    {
        string name = $"table {request.Attributes.Int("table_id")}";
        (DType keys, DType values) = (request.Attributes.Type("key_dtype"), request.Attributes.Type("value_dtype"));
        if ((keys, values) is not ((DType.Int64, DType.String) or (DType.String, DType.Int64)))
            throw request.NoKernel($"for keys of {keys.Name()} and values of {values.Name()}, expected int64 and string, or string and int64");
        return Kernel.Of(c => c.SetOutput(0, new Tensor(DType.Resource, new Shape(1), [c.Resources.GetOrAdd(name, () => new TFLiteTable(keys, values))])));
    }

    private static void Find(KernelContext context)
    {
        TFLiteTable table = Table(context);
        Tensor keys = context.Input(1), missing = context.Input(2);
        if (table.Values == DType.Int64)
        {
            Span<long> found = context.Output<long>(0, keys.Shape);
            for (int i = 0; i < found.Length; i++)
                found[i] = table.Find(TFLiteTable.Key(context, keys, i)) is long value ? value : missing.Span<long>()[0];
            return;
        }

        var strings = new ReadOnlyMemory<byte>[keys.ElementCount];
        for (int i = 0; i < strings.Length; i++)
            strings[i] = table.Find(TFLiteTable.Key(context, keys, i)) is ReadOnlyMemory<byte> value ? value : missing.Strings[0];
        context.SetOutput(0, new Tensor(keys.Shape, strings));
    }
}

/// <summary>A table of a session; it is filled once.</summary>
internal sealed class TFLiteTable(DType keys, DType values)
{
    private readonly Dictionary<object, object> _entries = [];
    private bool _isFilled;

    public DType Values { get; } = values;

    public int Count => _entries.Count;

    public void Import(KernelContext context, Tensor given, Tensor contents)
    {
        if (given.DType != keys || contents.DType != Values || given.ElementCount != contents.ElementCount)
            throw context.Fail($"fills a table from {keys.Name()} to {Values.Name()} with {given} and {contents}");
        if (_isFilled)
            return;
        for (int i = 0; i < given.ElementCount; i++)
            _entries.TryAdd(Key(context, given, i), contents.DType == DType.Int64 ? contents.Span<long>()[i] : (object)(ReadOnlyMemory<byte>)contents.Strings[i].ToArray());
        _isFilled = true;
    }

    public object? Find(object key) => _entries.GetValueOrDefault(key);

    public static object Key(KernelContext context, Tensor tensor, int index) => tensor.DType switch
    {
        DType.Int64 => tensor.Span<long>()[index],
        DType.String => Encoding.Latin1.GetString(tensor.Strings[index].Span),
        _ => throw context.Fail($"the keys are {tensor}, expected int64 or string"),
    };
}
