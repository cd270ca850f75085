using Decant.IR;

namespace Decant.Ops.Lists;

/// <summary>The ops on maps of tensors as values.</summary>
internal static class TensorMapOps
{
    private const string KeyType = "key_dtype";
    private const string ValueType = "value_dtype";

    public static Op EmptyTensorMap => new TensorListOp("EmptyTensorMap", InferMap, (c, _) => TensorMap.SetOutput(c, TensorMap.Empty));
    public static Op TensorMapErase => new TensorListOp("TensorMapErase", InferMap, Erase);
    public static Op TensorMapHasKey => new TensorListOp("TensorMapHasKey", c => c.Set(0, DType.Bool, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(TensorMap.Of(c).Items.ContainsKey(TensorMap.Key(c, c.Input(1))))));
    public static Op TensorMapInsert => new TensorListOp("TensorMapInsert", InferMap, Insert);
    public static Op TensorMapLookup => new TensorListOp("TensorMapLookup", c => c.Set(0, c.Attributes.Type(ValueType), Shape.Unknown), Lookup);
    public static Op TensorMapSize => new TensorListOp("TensorMapSize", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(TensorMap.Of(c).Items.Count)));
    public static Op TensorMapStackKeys => new TensorListOp("TensorMapStackKeys", c => c.Set(0, c.Attributes.Type(KeyType), Shape.Unknown), StackKeys);

    private static void InferMap(InferenceContext context) => context.Set(0, DType.Variant, Shape.Scalar);

    private static void Insert(KernelContext context, NodeAttributes attributes)
    {
        TensorMap map = TensorMap.Of(context);
        (Tensor key, Tensor value) = (context.Input(1), context.Input(2));
        string name = TensorMap.Key(context, key);
        if (map.Items.Count >= TensorList.CountLimit)
            throw context.Fail($"puts more than {TensorList.CountLimit} entries into a map");
        long order = map.Items.TryGetValue(name, out (Tensor, Tensor, long Order) known) ? known.Order : map.Insertions;
        TensorMap.SetOutput(context, new TensorMap(map.Items.SetItem(name, (context.Keep(key), context.Keep(value), order)), map.Insertions + 1));
    }

    private static void Lookup(KernelContext context, NodeAttributes attributes)
    {
        DType dtype = attributes.Type(ValueType);
        Tensor value = TensorMap.Of(context).Items.TryGetValue(TensorMap.Key(context, context.Input(1)), out (Tensor, Tensor Value, long) found) ? found.Value
            : throw context.Fail($"looks for a key {context.Input(1)} that is not in the map");
        context.SetOutput(0, value.DType == dtype ? value : throw context.Fail($"finds {value}, expected {dtype.Name()}"));
    }

    private static void Erase(KernelContext context, NodeAttributes attributes)
    {
        TensorMap map = TensorMap.Of(context);
        string key = TensorMap.Key(context, context.Input(1));
        if (!map.Items.ContainsKey(key))
            throw context.Fail($"erases a key {context.Input(1)} that is not in the map");
        TensorMap.SetOutput(context, map with { Items = map.Items.Remove(key) });
    }

    private static void StackKeys(KernelContext context, NodeAttributes attributes)
    {
        Tensor[] keys = [.. TensorMap.Of(context).Items.Values.OrderBy(e => e.Order).Select(e => e.Key)];
        DType dtype = attributes.Type(KeyType);
        foreach (Tensor key in keys)
        {
            if (key.DType != dtype || key.Shape != keys[0].Shape)
                throw context.Fail($"stacks the keys {keys[0]} and {key}, expected {dtype.Name()} of one shape");
        }

        Rows.Stack(context, 0, dtype, keys.Length > 0 ? keys[0].Shape : Shape.Scalar, keys);
    }
}
