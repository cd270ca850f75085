namespace Decant.Runtime;

/// <summary>How an input of a chain is read.</summary>
internal enum ChainOperand
{
    /// <summary>Element by element with the result.</summary>
    Full,

    /// <summary>One element for all.</summary>
    Scalar,

    /// <summary>Again for each row: it has the sizes of the last dimensions.</summary>
    Row,
}

/// <summary>
/// How a chain is cut into blocks for the shapes of its inputs. With rows, a block is a number of whole rows, or a part of one.
/// </summary>
internal sealed class ChainBlocks
{
    /// <summary>Elements of a block: 8 KB, so that a few of them fit into the L1 cache together.</summary>
    private const int Target = 2048;

    /// <summary>Elements for which it pays to wake another thread.</summary>
    private const int GrainElements = 6144;

    [ThreadStatic]
    private static float[]? _registers;

    private readonly int _total;
    private readonly int _row;

    public ChainBlocks(ChainLink[] links, Shape[] inputs, Shape shape)
    {
        Shape = shape;
        Inputs = new Tensor[inputs.Length];
        Kinds = new ChainOperand[inputs.Length];
        Register = new int[links.Length];
        Small = new float[links.Length][];
        if (!shape.TryElementCount(out long total) || total is 0 or > int.MaxValue)
            return;
        _total = (int)total;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (Kind(inputs[i], shape) is not { } kind)
                return;
            long elements = inputs[i].ElementCount;
            if (kind == ChainOperand.Row && _row != 0 && _row != elements)
                return;
            Kinds[i] = kind;
            if (kind == ChainOperand.Row)
                _row = (int)elements;
        }

        FindSmall(links);
        Length = Math.Min(_total, _row is 0 or >= Target ? Target : _row * (Target / _row));
        int perRow = _row > Target ? (_row + Target - 1) / Target : 1;
        Count = _row > Target ? _total / _row * perRow : (int)(((long)_total + Length - 1) / Length);
        Grain = Math.Max(1, GrainElements / Length);
        AssignRegisters(links);
        IsBlocked = true;
    }

    /// <summary>Whether the chain can be computed in blocks.</summary>
    public bool IsBlocked { get; }

    /// <summary>The shape of the result.</summary>
    public Shape Shape { get; }

    /// <summary>The inputs of the run that is under way.</summary>
    public Tensor[] Inputs { get; }

    /// <summary>The result of the run that is under way.</summary>
    public Tensor Output { get; set; } = null!;

    /// <summary>How each input is read.</summary>
    public ChainOperand[] Kinds { get; }

    /// <summary>The register that holds the result of each link.</summary>
    public int[] Register { get; }

    /// <summary>The number of registers.</summary>
    public int RegisterCount { get; private set; }

    /// <summary>Elements of a block.</summary>
    public int Length { get; }

    /// <summary>The number of blocks.</summary>
    public int Count { get; }

    /// <summary>Blocks for which it pays to wake another thread.</summary>
    public int Grain { get; }

    /// <summary>
    /// The results of links that have one element, or those of a row, where the whole has more: computed once before the blocks. Null for
    /// the others.
    /// </summary>
    public float[]?[] Small { get; }

    /// <summary>How an operand is read: an input or, as ~i, the result of link i.</summary>
    public ChainOperand Kind(int operand) => operand >= 0 ? Kinds[operand]
        : Small[~operand] is not { } small ? ChainOperand.Full : small.Length == 1 ? ChainOperand.Scalar : ChainOperand.Row;

    /// <summary>All elements of an input, or of the result of a small link.</summary>
    public ReadOnlySpan<float> Whole(int operand) => operand >= 0 ? Inputs[operand].Span<float>() : Small[~operand];

    /// <summary>The calling thread's blocks for results between links and for repeated rows.</summary>
    public Span<float> Registers()
    {
        int needed = (RegisterCount + Inputs.Length + Small.Length) * Length;
        if (_registers is null || _registers.Length < needed)
            _registers = new float[needed];
        return _registers;
    }

    /// <summary>The rows that a block has several of, repeated to fill one: the same for all blocks of a thread.</summary>
    public void TileRows(Span<float> registers)
    {
        if (_row >= Length)
            return;
        for (int operand = -Small.Length; operand < Inputs.Length; operand++)
        {
            if ((operand < 0 && Small[~operand] is null) || Kind(operand) != ChainOperand.Row)
                continue;
            Span<float> tiled = Tiled(operand, registers);
            Whole(operand).CopyTo(tiled);
            for (int done = _row; done < tiled.Length; done *= 2)
                tiled[..Math.Min(done, tiled.Length - done)].CopyTo(tiled[done..]);
        }
    }

    /// <summary>Where an operand's repeated row is.</summary>
    public Span<float> Tiled(int operand, Span<float> registers) =>
        registers.Slice((RegisterCount + (operand >= 0 ? operand : Inputs.Length + ~operand)) * Length, Length);

    /// <summary>The first element of a block, their number, and where the first is in its row.</summary>
    public (int At, int Length, int Phase) Range(int block)
    {
        if (_row <= Target)
            return (block * Length, Math.Min(Length, _total - (block * Length)), 0);
        int perRow = (_row + Target - 1) / Target;
        (int row, int part) = Math.DivRem(block, perRow);
        int phase = part * Target;
        return ((row * _row) + phase, Math.Min(Target, _row - phase), phase);
    }

    private static ChainOperand? Kind(Shape input, Shape output)
    {
        long elements = input.ElementCount;
        if (elements == 1)
            return ChainOperand.Scalar;
        int first = 0;
        while (first < input.Rank && input[first] == 1)
            first++;
        ReadOnlySpan<long> dims = input.Dims[first..];
        if (dims.Length > output.Rank || !dims.SequenceEqual(output.Dims[^dims.Length..]))
            return null;
        return elements == output.ElementCount ? ChainOperand.Full : ChainOperand.Row;
    }

    private void FindSmall(ChainLink[] links)
    {
        for (int i = 0; i < links.Length - 1; i++)
        {
            (ChainOperand a, ChainOperand b) = (Kind(links[i].A), Kind(links[i].B));
            if (a != ChainOperand.Full && b != ChainOperand.Full && _row < _total)
                Small[i] = new float[a == ChainOperand.Row || b == ChainOperand.Row ? _row : 1];
        }
    }

    /// <summary>A result takes over the register of an operand that is read last there.</summary>
    private void AssignRegisters(ChainLink[] links)
    {
        int[] lastRead = new int[links.Length];
        for (int i = 0; i < links.Length; i++)
        {
            foreach (int operand in (ReadOnlySpan<int>)[links[i].A, links[i].B])
            {
                if (operand < 0)
                    lastRead[~operand] = i;
            }
        }

        var free = new Stack<int>();
        for (int i = 0; i < links.Length - 1; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (lastRead[j] == i)
                    free.Push(Register[j]);
            }

            Register[i] = free.TryPop(out int register) ? register : RegisterCount++;
        }
    }
}
