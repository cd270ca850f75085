namespace Decant.Formats.GraphDef;

/// <summary>The field numbers of graph.proto, node_def.proto, attr_value.proto, tensor.proto and function.proto.</summary>
internal static class GraphDefFields
{
    public static class Graph
    {
        public const int Node = 1, Library = 2, Version = 3, Versions = 4;
    }

    public static class NodeDef
    {
        public const int Name = 1, Op = 2, Input = 3, Device = 4, Attr = 5;
    }

    public static class MapEntry
    {
        public const int Key = 1, Value = 2;
    }

    public static class Attr
    {
        public const int List = 1, S = 2, I = 3, F = 4, B = 5, Type = 6, Shape = 7, Tensor = 8, Placeholder = 9, Func = 10;
    }

    public static class List
    {
        public const int S = 2, I = 3, F = 4, B = 5, Type = 6, Shape = 7, Tensor = 8, Func = 9;
    }

    public static class NameAttrList
    {
        public const int Name = 1, Attr = 2;
    }

    public static class Library
    {
        public const int Function = 1;
    }

    public static class FunctionDef
    {
        public const int Signature = 1, Node = 3, Ret = 4, Attr = 5, ControlRet = 6, ArgAttr = 7;
    }

    public static class OpDef
    {
        public const int Name = 1, InputArg = 2, OutputArg = 3, IsStateful = 17, ControlOutput = 20;
    }

    public static class ArgDef
    {
        public const int Name = 1, Type = 3, TypeAttr = 4;
    }
}
