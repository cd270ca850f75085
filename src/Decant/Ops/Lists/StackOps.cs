using Decant.IR;
using Decant.Ops.State;

namespace Decant.Ops.Lists;

/// <summary>The ops on stacks of tensors, in both versions, which differ in the type of the handle alone.</summary>
internal static class StackOps
{
    public static Op Stack => new TensorListOp("Stack", InferNew, (c, a) => c.SetOutput(0, ResourceName.Handle(new TensorStack(a.Type("elem_type"), -1))));
    public static Op StackClose => new TensorListOp("StackClose", _ => { }, Close);
    public static Op StackCloseV2 => new TensorListOp("StackCloseV2", _ => { }, Close);
    public static Op StackPop => new TensorListOp("StackPop", InferPop, Pop);
    public static Op StackPopV2 => new TensorListOp("StackPopV2", InferPop, Pop);
    public static Op StackPush => new TensorListOp("StackPush", c => c.Set(0, c.Input(1)), Push);
    public static Op StackPushV2 => new TensorListOp("StackPushV2", c => c.Set(0, c.Input(1)), Push);
    public static Op StackV2 => new TensorListOp("StackV2", InferNew, (c, a) => c.SetOutput(0, ResourceName.Handle(new TensorStack(a.Type("elem_type"), c.Int(0)))));

    private sealed record TensorStack(DType DType, long MaxCount)
    {
        public Stack<Tensor> Items { get; } = new();
    }

    private static TensorStack Of(KernelContext context) => context.Resource<TensorStack>(0, "a stack");

    private static void InferNew(InferenceContext context) => context.Set(0, new Fact(DType.Resource, Shape.Scalar));

    private static void InferPop(InferenceContext context) => context.Set(0, context.Attributes.Type("elem_type"), Shape.Unknown);

    private static void Close(KernelContext context, NodeAttributes attributes) => Of(context).Items.Clear();

    private static void Push(KernelContext context, NodeAttributes attributes)
    {
        TensorStack stack = Of(context);
        Tensor element = context.Input(1);
        if (element.DType != stack.DType)
            throw context.Fail($"pushes {element} on a stack of {stack.DType.Name()}");
        if (stack.Items.Count >= (stack.MaxCount < 0 ? TensorList.CountLimit : stack.MaxCount))
            throw context.Fail($"pushes on a stack of {stack.Items.Count} elements, which is full");
        stack.Items.Push(context.Keep(element));
        context.SetOutput(0, element);
    }

    private static void Pop(KernelContext context, NodeAttributes attributes)
    {
        TensorStack stack = Of(context);
        if (attributes.Type("elem_type") != stack.DType)
            throw context.Fail($"pops {attributes.Type("elem_type").Name()} from a stack of {stack.DType.Name()}");
        context.SetOutput(0, stack.Items.TryPop(out Tensor? element) ? element : throw context.Fail("pops an element of an empty stack"));
    }
}
