using Decant.IR;
using Decant.Ops;

namespace Decant.Lowering.Raising;

/// <summary>The steps of a recurrent operator, one behind the other: of an input [batch, time, size] or [time, batch, size], or the one step [batch, size].</summary>
internal sealed class RaisedSteps
{
    /// <summary>More steps make a graph that is too large.</summary>
    private const int MostSteps = 1000;

    private readonly RaisingContext _context;
    private readonly Shape _shape;
    private readonly int _axis;
    private readonly int _count;

    /// <exception cref="ModelException">Sizes are not known, or there are too many steps.</exception>
    public RaisedSteps(RaisingContext context, Value input, bool isTimeMajor)
    {
        (_context, _shape, _axis) = (context, GraphBuilder.ShapeOf(input), isTimeMajor ? 0 : 1);
        if (_shape is not { HasRank: true, Rank: 2 or 3 } || _shape.Dims.ContainsAnyExceptInRange(0, int.MaxValue))
            throw context.Refuse($"has an input {_shape}, expected known sizes");
        long steps = _shape.Rank == 2 ? 1 : _shape[_axis];
        if (steps is < 1 or > MostSteps)
            throw context.Refuse($"has {steps} steps, expected 1 to {MostSteps}");
        _count = (int)steps;
    }

    /// <summary>The vectors of all steps, one below the other, times a matrix.</summary>
    public Value Product(Value sequence, Value matrix)
    {
        Shape shape = GraphBuilder.ShapeOf(sequence);
        if (shape.Rank != _shape.Rank || shape[-1] is < 0 or > int.MaxValue)
            throw _context.Refuse($"has an input {shape} beside {_shape}, expected as many dimensions, and a known size");
        return _context.Op("MatMul", shape.Rank == 2 ? sequence : _context.Op("Reshape", sequence, _context.Ints(-1, (int)shape[-1])), matrix);
    }

    /// <summary>Runs the steps.</summary>
    /// <param name="rows">A vector for each step, one below the other.</param>
    /// <param name="width">Their length.</param>
    /// <param name="isForward">Whether the first step is the first.</param>
    /// <param name="step">What a step makes of its vectors.</param>
    /// <param name="isRepeated">Whether the whole sequence runs once for each of its steps, and goes on from the state that the time before ended with.</param>
    /// <returns>The results in the order of the steps' inputs, with the dimensions of the input but the last.</returns>
    public Value Run(Value rows, int width, bool isForward, Func<Value, Value> step, bool isRepeated = false)
    {
        if (_shape.Rank == 2)
            return step(rows);
        if (isRepeated && _count * _count > MostSteps)
            throw _context.Refuse($"runs {_count} steps {_count} times, expected at most {MostSteps}");
        Value[] steps = RaisingTable.Ports(_context.Op("Unpack", _context.Op("Reshape", rows, _context.Ints((int)_shape[0], (int)_shape[1], width)), new AttributeMap { { "num", _count }, { "axis", _axis } }));
        Value[] results = new Value[_count];
        for (int t = 0; t < (isRepeated ? _count * _count : _count); t++)
        {
            int time = isForward ? t % _count : _count - 1 - (t % _count);
            results[time] = step(steps[time]);
        }

        return _context.Op("Pack", results, new AttributeMap { { "axis", _axis } });
    }
}
