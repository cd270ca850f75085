using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>
/// A function of the model with the program that runs its body. Calls with arguments of the same types and shapes are planned, in
/// an arena of the function's own.
/// </summary>
internal sealed class FunctionCall(Engine engine, Function function) : Callable
{
    /// <summary>Frames that are kept, for some sizes of arguments.</summary>
    private const int MostFrames = 16;

    /// <summary>Frames for the same arguments: a loop needs two, and one more for each iteration that a value is handed on for.</summary>
    private const int MostAlike = 6;

    private readonly List<CallFrame> _frames = [];
    private readonly Arena _arena = new();
    private object[] _arguments = [];
    private Program? _program;
    private bool _isActive;

    public override string Name => function.Name;

    public override int ArgCount => function.Args.Count;

    public override int ResultCount => function.Results.Count;

    public override Function Definition => function;

    /// <summary>Bytes of memory that planned calls need.</summary>
    public long Bytes => _arena.Length + _frames.Sum(f => f.Bytes);

    /// <summary>Bytes of constants that the body needs, once it has been called.</summary>
    public long ConstantBytes => _program?.Forms.Bytes ?? 0;

    private Program Program => _program ??= new ProgramBuilder(engine).Build(
        [.. function.ArgNodes.Select(n => new Value(n))], [.. function.Results.Select(r => r.Value)], function.ControlResults.Select(r => r.Node));

    /// <summary>Calls the function. A call from inside itself, or with arguments that were not seen before, is not planned.</summary>
    public CallResults Run(ReadOnlySpan<Tensor> arguments, Node caller, CancellationToken cancellation)
    {
        Program program = Program;
        if (_arguments.Length != arguments.Length)
            _arguments = new object[arguments.Length];
        object[] feeds = _isActive ? new object[arguments.Length] : _arguments;
        for (int i = 0; i < feeds.Length; i++)
            feeds[i] = arguments[i];
        CallResults results;
        if (_isActive)
        {
            results = new CallResults(engine.Run(program, feeds, cancellation));
        }
        else
        {
            _isActive = true;
            try
            {
                results = RunPlanned(program, feeds, cancellation);
            }
            finally
            {
                _isActive = false;
                Array.Clear(feeds);
            }
        }

        results.HandOut(Name, caller);
        return results;
    }

    /// <summary>Gives back the memory of planned calls, which are planned again when they come.</summary>
    public void Dispose()
    {
        foreach (CallFrame frame in _frames)
            frame.Retire();
        _frames.Clear();
        _arena.Dispose();
    }

    private CallResults RunPlanned(Program program, object[] feeds, CancellationToken cancellation)
    {
        int alike = 0;
        foreach (CallFrame frame in _frames)
        {
            if (!frame.Context.Plan.IsFor(feeds))
                continue;
            alike++;
            if (!frame.IsIdle)
                continue;
            engine.Run(frame.Context, program, feeds, frame.Raw, cancellation);
            return frame;
        }

        return alike == MostAlike || !program.IsPlannable || (alike == 0 && !program.WasRunFor(feeds))
            ? new CallResults(engine.Run(program, feeds, cancellation)) : RunAndPlan(program, feeds, cancellation);
    }

    private CallResults RunAndPlan(Program program, object[] feeds, CancellationToken cancellation)
    {
        if (_frames.Count == MostFrames && _frames.FindIndex(f => f.IsIdle) is >= 0 and int oldest)
        {
            _frames[oldest].Retire();
            _frames.RemoveAt(oldest);
        }

        object[] results = new object[program.Fetches.Length];
        PooledBuffer? memory = null;
        PlannedContext? context = engine.RunAndPlan(program, feeds, results, new PlanMemory(_arena) { Results = bytes => memory = PooledBuffer.Reused(bytes) }, cancellation);
        if (context is null || _frames.Count == MostFrames)
            program.IsPlannable = context is not null;
        else
            _frames.Add(new CallFrame(context, memory!, program.Fetches.Length));
        return new CallResults(results);
    }
}
