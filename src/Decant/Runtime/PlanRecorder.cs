using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>Runs a program in pooled memory and takes down what kernels ask for, of which it makes a plan.</summary>
internal sealed class PlanRecorder(Engine engine, Program program, PlanMemory memory) : StepContext(engine, program)
{
    private readonly List<StepRecord> _records = [];
    private readonly MemoryBlock?[] _blocks = new MemoryBlock?[program.SlotCount];
    private readonly long[] _offsets = new long[program.SlotCount];
    private readonly Fact[] _facts = new Fact[program.SlotCount];
    private readonly Tensor?[] _fixed = new Tensor?[program.SlotCount];
    private readonly List<(Tensor Tensor, MemoryBlock Block)> _made = [];
    private StepRecord _record = null!;

    /// <summary>What happened in a step.</summary>
    private sealed record StepRecord(Step Step)
    {
        public List<(int Port, MemoryBlock Block)> Outputs { get; } = [];

        public List<(int Port, MemoryBlock Block, long Offset, DType DType, Shape Shape)> Views { get; } = [];

        public List<MemoryBlock> Scratch { get; } = [];

        /// <summary>How the one output follows from an input without running the kernel, if it does.</summary>
        public PlannedView? View { get; set; }

        /// <summary>Whether the outputs are there before the run and the step need not run.</summary>
        public bool IsFixed { get; set; }
    }

    public override Tensor Allocate(int port, DType dtype, Shape shape)
    {
        Tensor tensor = base.Allocate(port, dtype, shape);
        var block = new MemoryBlock(dtype, shape, _records.Count - 1);
        _record.Outputs.Add((port, block));
        _made.Add((tensor, block));
        Map(port, block, 0);
        return tensor;
    }

    public override Tensor Scratch(DType dtype, Shape shape)
    {
        Tensor tensor = base.Scratch(dtype, shape);
        var block = new MemoryBlock(dtype, shape, _records.Count - 1);
        _record.Scratch.Add(block);
        _made.Add((tensor, block));
        return tensor;
    }

    public override void SetOutput(int port, Tensor tensor)
    {
        (MemoryBlock? block, long offset) = Find(tensor);
        bool isInput = block is not null && !_made.Any(m => m.Block == block);
        if (isInput)
            _record.Views.Add((port, block!, offset, tensor.DType, tensor.Shape));
        else if (block is not null)
            block.IsPlanned = false;
        Map(port, isInput ? block : null, offset);
        base.SetOutput(port, tensor);
    }

    public override Tensor Keep(Tensor tensor)
    {
        if (Find(tensor).Block is { } block)
            block.IsPlanned = false;
        return base.Keep(tensor);
    }

    protected override void Begin()
    {
        base.Begin();
        Array.Fill(_facts, Fact.None);
        foreach ((int slot, Tensor value) in Program.Constants)
            (_facts[slot], _fixed[slot]) = (Fact.Of(value), value);
    }

    protected override void RunSteps()
    {
        foreach (int slot in Program.Feeds)
        {
            if (Slots[slot] is not Tensor fed)
                continue;
            _facts[slot] = new Fact(fed.DType, fed.Shape);
            if (memory.FeedsStay && fed.Data.Owner is Arena)
                _fixed[slot] = fed;
        }

        foreach (Step step in Program.Steps)
        {
            _made.Clear();
            _records.Add(_record = new StepRecord(step));
            RunStep(step);
        }
    }

    protected override void StepEnded()
    {
        Fact[] facts = ShapeFacts.Of(Step, Engine.Ops, _facts);
        bool isConstant = Array.TrueForAll(Step.Inputs, s => s < 0 || _facts[s].Constant is not null) && Purity.IsPure(Node);
        bool allFixed = Array.Exists(Step.Outputs, s => s >= 0);
        for (int port = 0; port < Step.Outputs.Length; port++)
        {
            if (Step.Outputs[port] is not (>= 0 and int slot))
                continue;
            if (Slots[slot] is not Tensor value)
            {
                (_facts[slot], allFixed) = (Fact.None, false);
                continue;
            }

            bool known = facts[port].Shape == value.Shape && facts[port].Shape.IsFullyKnown;
            if ((isConstant || (known && facts[port].Constant is not null && Purity.IsPure(Node))) && value.DType.HasFixedSize() && value.Data.Length <= ShapeFacts.LargestConstant)
            {
                _fixed[slot] = value.Data.Owner is PooledBuffer ? new Tensor(value.DType, value.Shape, new BufferSlice(value.Data.ToArray())) : value;
                _facts[slot] = Fact.Of(_fixed[slot]!);
                foreach ((int _, MemoryBlock block) in _record.Outputs.Where(o => o.Port == port))
                    block.IsPlanned = false;
                _blocks[slot] = null;
                continue;
            }

            _facts[slot] = new Fact(value.DType, known ? value.Shape : Decant.Shape.Unknown);
            bool isView = Step.Kernel.GivesViews && known && OthersAreConstant();
            _record.View = Step.Kernel.GivesViews ? ViewOf(value) : null;
            if (isView && Array.Exists(Step.Inputs, s => s >= 0 && _fixed[s] is { } source && Lies(value, source, out _)))
                _fixed[slot] = value;
            else if (!isView || !_record.Views.Exists(v => v.Port == port))
                allFixed = false;
        }

        _record.IsFixed = allFixed;
    }

    /// <summary>The plan of the run that has ended.</summary>
    /// <param name="feeds">What was fed.</param>
    public PlannedContext Plan(ReadOnlySpan<object> feeds)
    {
        SetLives(memory.Results is not null);
        WriteOver();
        MemoryBlock[] places = [.. Blocks().Where(b => b.IsPlanned && b.Root == b && b.Bytes > 0)];
        long arenaBytes = MemoryBlock.Arrange(places.Where(b => !b.IsResult));
        memory.Arena.Reserve(arenaBytes);
        BufferOwner? results = memory.Results?.Invoke(MemoryBlock.Arrange(places.Where(b => b.IsResult)));

        object?[] contents = [.. _fixed];
        List<RunPlan.PlannedStep> steps = [];
        foreach (StepRecord record in _records)
        {
            int ports = record.Outputs.Select(o => o.Port).Concat(record.Views.Select(v => v.Port)).DefaultIfEmpty(-1).Max() + 1;
            var outputs = new Tensor?[ports];
            foreach ((int port, MemoryBlock block) in record.Outputs)
                outputs[port] = block.IsPlanned ? View(block, 0, block.DType, block.Shape, results) : null;
            foreach ((int port, MemoryBlock block, long offset, DType dtype, Shape shape) in record.Views)
                outputs[port] = block.IsPlanned ? View(block, offset, dtype, shape, results) : null;
            bool isFixed = record.IsFixed && record.Views.TrueForAll(v => v.Block.IsPlanned);
            if (!isFixed)
            {
                steps.Add(new RunPlan.PlannedStep(record.Step, outputs, [.. record.Scratch.Select(b => b.IsPlanned ? View(b, 0, b.DType, b.Shape, results) : null)]) { View = record.View });
                continue;
            }

            for (int port = 0; port < record.Step.Outputs.Length; port++)
            {
                if (record.Step.Outputs[port] is >= 0 and int slot)
                    contents[slot] ??= outputs[port];
            }
        }

        var types = new (DType, Shape)[feeds.Length];
        for (int i = 0; i < types.Length; i++)
            types[i] = feeds[i] is Tensor fed ? (fed.DType, fed.Shape) : default;
        return new PlannedContext(Engine, Program, new RunPlan { Feeds = types, Steps = [.. steps], Fixed = contents, ArenaBytes = arenaBytes, Arena = memory.Arena }, results);
    }

    private static bool Lies(Tensor inner, Tensor outer, out long offset)
    {
        offset = inner.Data.Offset - outer.Data.Offset;
        return inner.Data.Owner is not null && inner.Data.Owner == outer.Data.Owner && offset >= 0 && offset + inner.Data.Length <= outer.Data.Length;
    }

    /// <summary>The view that a step of one output gave of an input, where it would give it of any other of the shape.</summary>
    private PlannedView? ViewOf(Tensor value)
    {
        if (Step.Outputs.Length != 1)
            return null;
        bool follows = OthersAreConstant();
        foreach (int slot in Step.Inputs)
        {
            if (slot < 0 || Slots[slot] is not Tensor source)
                continue;
            if (ReferenceEquals(source, value) && Engine.Ops.TryGet(Node.Op, out Op? op) && op is Ops.Arrays.Identity)
                return new PlannedView(slot, default, default);
            if (follows && source.DType == value.DType && source.Data.Length == value.Data.Length && value.Data.Length > 0 && Lies(value, source, out _))
                return new PlannedView(slot, source.Shape, value.Shape);
        }

        return null;
    }

    private Tensor View(MemoryBlock block, long offset, DType dtype, Shape shape, BufferOwner? results)
    {
        long bytes = Tensor.ByteCount(dtype, shape);
        BufferSlice place = bytes == 0 ? default : new BufferSlice(block.Root.IsResult ? results! : memory.Arena, block.Root.Offset + offset, bytes);
        return new Tensor(dtype, shape, place);
    }

    private IEnumerable<MemoryBlock> Blocks() => _records.SelectMany(r => r.Outputs.Select(o => o.Block).Concat(r.Scratch));

    /// <summary>Whether at most one input, the one that is viewed, is not constant.</summary>
    private bool OthersAreConstant() => Step.Inputs.Count(s => s >= 0 && _facts[s].Constant is null) <= 1;

    private void Map(int port, MemoryBlock? block, long offset)
    {
        if (port < Step.Outputs.Length && Step.Outputs[port] is >= 0 and int slot)
            (_blocks[slot], _offsets[slot]) = (block, offset);
    }

    /// <summary>The block that a tensor lies in: one of the step's inputs, or of what it has made.</summary>
    private (MemoryBlock? Block, long Offset) Find(Tensor tensor)
    {
        foreach ((Tensor made, MemoryBlock block) in _made)
        {
            if (Lies(tensor, made, out long offset))
                return (block, offset);
        }

        foreach (int slot in Step.Inputs)
        {
            if (slot >= 0 && _blocks[slot] is { } block && Slots[slot] is Tensor input && Lies(tensor, input, out long offset))
                return (block, _offsets[slot] + offset);
        }

        return (null, 0);
    }

    private void SetLives(bool keepsResults)
    {
        for (int i = 0; i < _records.Count; i++)
        {
            foreach (int slot in _records[i].Step.Dead)
            {
                if (_blocks[slot] is { } block)
                    block.Last = Math.Max(block.Last, i);
            }
        }

        foreach (int slot in Program.Fetches)
        {
            if (_blocks[slot] is not { } block)
                continue;
            block.Last = _records.Count;
            if (keepsResults)
                block.IsResult = true;
            else
                block.IsPlanned = false;
        }
    }

    /// <summary>Lets outputs lie over inputs that nobody reads afterwards.</summary>
    private void WriteOver()
    {
        for (int i = 0; i < _records.Count; i++)
        {
            StepRecord record = _records[i];
            if (record.IsFixed || record.Outputs.Find(o => o.Port == 0).Block is not { IsPlanned: true, IsResult: false } output)
                continue;
            int[] inputs = record.Step.Inputs;
            for (int k = 0; k < inputs.Length; k++)
            {
                if (inputs[k] < 0 || !record.Step.Kernel.MayOverwrite(k) || _blocks[inputs[k]] is not { IsPlanned: true, IsResult: false } input || _offsets[inputs[k]] != 0 || input.Bytes != output.Bytes)
                    continue;
                bool isLast = input.Root.Last == i;
                bool readOnce = !inputs.Where((slot, at) => at != k && slot >= 0 && slot != inputs[k] && _blocks[slot]?.Root == input.Root).Any();
                if (isLast && readOnce)
                {
                    output.LieOver(input);
                    break;
                }
            }
        }
    }
}
