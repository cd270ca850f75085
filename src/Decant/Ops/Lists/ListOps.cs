namespace Decant.Ops.Lists;

/// <summary>The ops on lists, arrays and stacks of tensors.</summary>
internal static class ListOps
{
    public static IEnumerable<Op> All => [.. StackOps.All, .. TensorArrayOps.All, .. TensorListOps.All, .. TensorMapOps.All];
}
