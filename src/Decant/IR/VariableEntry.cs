namespace Decant.IR;

/// <summary>The value that a variable of the main graph has in the model's checkpoint.</summary>
public sealed class VariableEntry(string name, string key, DType dtype, Shape shape, Func<Tensor> read)
{
    /// <summary>The variable's node: a <c>VariableV2</c>, <c>Variable</c> or <c>VarHandleOp</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The key of its value in the checkpoint.</summary>
    public string Key { get; } = key;

    /// <summary>The element type in the checkpoint.</summary>
    public DType DType { get; } = dtype;

    /// <summary>The dimensions; of a part of a partitioned variable, those of the part.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>Whether a node is a variable.</summary>
    public static bool IsVariable(Node node) => node.Op is { Dialect: Dialect.TensorFlow, Name: "Variable" or "VariableV2" or "VarHandleOp" };

    /// <summary>The value: a view of the checkpoint's file where it lies there in one piece.</summary>
    /// <exception cref="ModelException">It is damaged.</exception>
    public Tensor Read() => read();
}
