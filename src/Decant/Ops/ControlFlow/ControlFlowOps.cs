namespace Decant.Ops.ControlFlow;

/// <summary>
/// The ops that call functions, branch, loop, check and print. TF1's Switch, Merge, Enter, Exit and NextIteration are not
/// among them: they are raised to these before a graph runs.
/// </summary>
internal static class ControlFlowOps
{
    public static Op Abort => new Abort();
    public static Op Assert => new Assert();
    public static Op Case => new Case("Case");
    public static Op ControlTrigger => new Nothing("ControlTrigger");
    public static Op DeviceIndex => new DeviceIndex();
    public static Op FakeParam => new FakeParam();
    public static Op For => new For();
    public static Op If => new If("If");
    public static Op NoOp => new Nothing("NoOp");
    public static Op OptionalFromValue => new OptionalFromValue();
    public static Op OptionalGetValue => new OptionalGetValue();
    public static Op OptionalHasValue => new OptionalHasValue();
    public static Op OptionalNone => new OptionalNone();
    public static Op PartitionedCall => new PartitionedCall("PartitionedCall");
    public static Op Print => new Print();
    public static Op PrintV2 => new PrintV2();
    public static Op RemoteCall => new PartitionedCall("RemoteCall", firstArgument: 1);
    public static Op StatefulPartitionedCall => new PartitionedCall("StatefulPartitionedCall");
    public static Op StatelessCase => new Case("StatelessCase");
    public static Op StatelessIf => new If("StatelessIf");
    public static Op StatelessWhile => new While("StatelessWhile");
    public static Op SymbolicGradient => new SymbolicGradient();
    public static Op Timestamp => new Timestamp();
    public static Op While => new While("While");
}
