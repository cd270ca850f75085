using Decant.Quantizing.Calibration;

namespace Decant.Quantizing.Integers;

/// <summary>Values that have one grid.</summary>
internal sealed class GridGroup
{
    // What a given grid, such as that of a logistic function, may lack of a range that it is used for: some of its steps.
    private const float Slack = 0.01f;

    private GridGroup? _parent;
    private ValueRange? _range;
    private Grid? _given;

    private GridGroup Root => _parent is null ? this : _parent = _parent.Root;

    /// <summary>Adds numbers that the grid must have.</summary>
    public void Include(ValueRange range) => Root._range = Root._range?.Union(range) ?? range;

    /// <summary>Says what the grid is.</summary>
    public void Give(Grid grid) => Root._given = grid;

    /// <summary>Whether the members of two groups can have one grid.</summary>
    public bool Fits(GridGroup other)
    {
        (GridGroup a, GridGroup b) = (Root, other.Root);
        return (a._given, b._given) switch
        {
            (null, null) => true,
            ({ } given, null) => b._range is not { } range || given.Range.Holds(range, Slack),
            (null, { } given) => a._range is not { } range || given.Range.Holds(range, Slack),
            ({ } one, { } two) => one == two,
        };
    }

    /// <summary>Makes two groups one.</summary>
    /// <param name="other">The other group.</param>
    /// <param name="isLimited">Whether the other's numbers outside the range of this one do not matter.</param>
    public void Join(GridGroup other, bool isLimited = false)
    {
        (GridGroup a, GridGroup b) = (Root, other.Root);
        if (a == b)
            return;
        a._given ??= b._given;
        if (!isLimited && b._range is { } range)
            a.Include(range);
        b._parent = a;
    }

    public Grid Grid(DType type) => Root._given ?? Integers.Grid.Of(Root._range!.Value, type);
}
