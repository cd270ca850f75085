using Decant.IR;
using Decant.Passes;

namespace Decant.Tests.Passes.Transforms;

/// <summary>The transforms that change names, ops, attributes, devices and order, and no arithmetic.</summary>
public sealed class NamesAndAttributesTests
{
    private const string Text = """
        graph {
          x = Placeholder() {dtype: float32, shape: shape[2]}
          a = Mul(x, x) {T: float32, _output_shapes: [shape[2]]} device "/gpu:0"
          b = Add(a, x, ^a) {T: float32, _class: ["loc:@a"], _output_shapes: [shape[2]]}
          y = Neg(b) {T: float32}
        }
        """;

    [Fact]
    public void An_attribute_is_removed_from_all_nodes_or_those_of_an_op()
    {
        Transformed all = Transformed.Run(Text, "remove_attribute(attribute_name=_output_shapes)");
        Assert.Equal(["remove_attribute: a", "remove_attribute: b"], all.Report.Edits);
        Assert.DoesNotContain(all.Model.Graph.Nodes, n => n.Attributes.Contains("_output_shapes"));
        Transformed one = Transformed.Run(Text, "remove_attribute(attribute_name=_output_shapes, op_name=Mul)");
        Assert.Equal(["remove_attribute: a"], one.Report.Edits);
        Assert.Equal(all.Report.Edits, Transformed.Run(Text, "remove_attribute(attribute_name=_output_shapes, op_name=\"*\")").Report.Edits);
    }

    [Fact]
    public void An_op_that_looks_like_a_slip_is_noted()
    {
        Transformed it = Transformed.Run(Text, "remove_nodes(op=Muul, op=CheckNumerics)");
        Assert.Equal([new Decline("remove_nodes", "", "no node has the op 'Muul'; did you mean 'Mul'?")], it.Report.Declines);
    }

    [Theory]
    [InlineData("remove_attribute(attribute_name=_output_shape)", "no node has the attribute '_output_shape'; did you mean '_output_shapes'?")]
    [InlineData("rename_attribute(old_attribute_name=_clas, new_attribute_name=c)", "no node has the attribute '_clas'; did you mean '_class'?")]
    [InlineData("rename_attribute(old_attribute_name=T, new_attribute_name=c, op_name=Ad)", "no node has the op 'Ad'; did you mean 'Add'?")]
    [InlineData("rename_op(old_op_name=Mull, new_op_name=Add)", "no node has the op 'Mull'; did you mean 'Mul'?")]
    [InlineData("rename_op(old_op_name=Mul, new_op_name=Maximun)", "TensorFlow has no op 'Maximun'; did you mean 'Maximum'?")]
    [InlineData("fold_constants(exclude_op=Mull)", "no node has the op 'Mull'; did you mean 'Mul'?")]
    [InlineData("fold_constants(exclude_node=bb)", "there is no node 'bb' to exclude; did you mean 'b'?")]
    [InlineData("quantize_nodes(ignore_op=Mull)", "no node has the op 'Mull'; did you mean 'Mul'?")]
    [InlineData("insert_logging(op=Mull)", "no node has the op 'Mull'; did you mean 'Mul'?")]
    [InlineData("insert_logging(prefix=c)", "no name begins with 'c'")]
    public void A_name_that_nothing_has_is_noted(string transforms, string note) =>
        Assert.Contains(Transformed.Run(Text, transforms, verify: false).Report.Declines, d => d.Node.Length == 0 && d.Reason.StartsWith(note, StringComparison.Ordinal));

    [Fact]
    public void An_attribute_gets_another_name_unless_that_is_taken()
    {
        Transformed it = Transformed.Run(Text, "rename_attribute(old_attribute_name=_output_shapes, new_attribute_name=_shapes, op_name=Mul)");
        Assert.True(it["a"].Attributes.Contains("_shapes"));
        Assert.False(it["a"].Attributes.Contains("_output_shapes"));
        Assert.True(it["b"].Attributes.Contains("_output_shapes"));
        Transformed.IsDeclined(Text, "rename_attribute(old_attribute_name=_class, new_attribute_name=_output_shapes)", "has an attribute '_output_shapes' already");
    }

    [Fact]
    public void An_op_gets_another_name()
    {
        Transformed it = Transformed.Run(Text, "rename_op(old_op_name=Mul, new_op_name=Multiply)");
        Assert.Equal("Multiply", it["a"].Op.Name);
        Assert.Equal("Add", it["b"].Op.Name);
    }

    [Fact]
    public void A_node_gets_another_name_and_all_follow()
    {
        Transformed it = Transformed.Run(Text, "rename_node(old_node_name=a, new_node_name=scope/c)").GivesTheSame();
        Assert.Equal("scope/c", it["b"].Inputs[0].Node.Name);
        Assert.Equal("loc:@scope/c", System.Text.Encoding.UTF8.GetString(((ListAttr)it["b"].Attributes["_class"]!).Strings[0].Span));
        Transformed.Fails(Text, "rename_node(old_node_name=a, new_node_name=b)", PassErrors.CannotTransform, "A node is alreading using bas name.");
        Transformed.Fails(Text, "rename_node(old_node_name=z, new_node_name=c)", GraphErrors.MissingNode, "the graph has no node named 'z'");
    }

    [Fact]
    public void A_renamed_output_is_still_an_output_of_what_comes_next()
    {
        Transformed it = Transformed.Run(Text, "rename_node(old_node_name=y, new_node_name=z) strip_unused_nodes");
        Assert.Equal("Neg", it["z"].Op.Name);
    }

    [Fact]
    public void A_signature_follows_a_node_that_is_renamed()
    {
        using Model model = TextGraphs.Parse(Text);
        model.Signatures.Add(new Signature("serve", "", [new("in", "x:0", DType.Float32, new Shape(2))], [new("out", "y:0", DType.Float32, new Shape(2))]));
        Model renamed = model.Transform("rename_node(old_node_name=x, new_node_name=image) rename_node(old_node_name=y, new_node_name=scores)").Model;
        Assert.Equal(["image:0", "scores:0"], renamed.Signatures[0].Inputs.Concat(renamed.Signatures[0].Outputs).Select(t => t.Tensor));
        Assert.Equal(["x:0", "y:0"], model.Signatures[0].Inputs.Concat(model.Signatures[0].Outputs).Select(t => t.Tensor));
    }

    [Fact]
    public void Devices_are_set_and_removed()
    {
        Assert.All(Transformed.Run(Text, "set_device(device=\"/cpu:0\")").Model.Graph.Nodes, n => Assert.Equal("/cpu:0", n.Device));
        Transformed missing = Transformed.Run(Text, "set_device(device=\"/cpu:0\", if_default=true)");
        Assert.Equal("/gpu:0", missing["a"].Device);
        Assert.Equal("/cpu:0", missing["b"].Device);
        Assert.All(Transformed.Run(Text, "remove_device").Model.Graph.Nodes, n => Assert.Equal("", n.Device));
    }

    [Fact]
    public void Control_inputs_are_removed()
    {
        Transformed it = Transformed.Run(Text, "remove_control_dependencies").GivesTheSame();
        Assert.Equal(["remove_control_dependencies: b"], it.Report.Edits);
        Assert.Empty(it["b"].ControlInputs.AsSpan().ToArray());
    }

    [Fact]
    public void Waiting_for_a_tables_entries_stays()
    {
        const string Table = """
            graph {
              x = Placeholder() {dtype: int64, shape: shape[2]}
              keys = Const() {dtype: int64, value: int64[2] {1, 2}}
              values = Const() {dtype: float32, value: float32[2] {3, 4}}
              none = Const() {dtype: float32, value: float32[] {0}}
              table = HashTableV2() {key_dtype: int64, value_dtype: float32}
              fill = InitializeTableV2(table, keys, values) {Tkey: int64, Tval: float32}
              init = NoOp(^fill)
              y = LookupTableFindV2(table, x, none, ^init, ^keys) {Tin: int64, Tout: float32}
            }
            """;
        Transformed it = Transformed.Run(Table, "remove_control_dependencies");
        Assert.Equal(["remove_control_dependencies: y"], it.Report.Edits);
        Assert.Equal(["fill", "init"], it.Model.Graph.Nodes.SelectMany(n => n.ControlInputs.AsSpan().ToArray()).Select(n => n.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_constant_stays_in_its_branch()
    {
        const string Branch = """
            graph {
              x = Placeholder() {dtype: bool, shape: shape[]}
              s = Switch(x, x) {T: bool}
              yes = Identity(s:1) {T: bool}
              no = Identity(s) {T: bool}
              a = Const(^yes) {dtype: float32, value: float32[] {1} }
              b = Const(^no) {dtype: float32, value: float32[] {2} }
              y = Merge(b, a) {T: float32, N: 2}
            }
            """;
        Transformed.IsDeclined(Branch, "remove_control_dependencies", "is in a branch or loop by what it waits for");
    }

    [Fact]
    public void Names_become_short_except_those_of_inputs_and_outputs()
    {
        Transformed it = Transformed.Run(Text.Replace("x", "1", StringComparison.Ordinal), "obfuscate_names", "1", "y");
        Assert.Equal(["1", "0", "2", "y"], it.Model.Graph.Nodes.Select(n => n.Name));
        Assert.Equal("loc:@0", System.Text.Encoding.UTF8.GetString(((ListAttr)it["2"].Attributes["_class"]!).Strings[0].Span));
        Assert.Equal(it.Model.Graph.Nodes.Select(n => n.Name), it.Model.Transform("obsfucate_names", ["1"], ["y"]).Model.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Names_count_through_digits_and_letters()
    {
        Model chain = TextGraphs.Chain(70);
        string[] names = [.. chain.Transform("obfuscate_names", ["x"], ["n69"]).Model.Graph.Nodes.Select(n => n.Name)];
        Assert.Equal(["x", "0", "1"], names[..3]);
        Assert.Equal(["9", "a"], names[10..12]);
        Assert.Equal(["w", "y", "z", "A"], names[33..37]);
        Assert.Equal(["Z", "10", "11"], names[61..64]);
    }

    [Fact]
    public void Nodes_are_sorted_in_the_originals_order()
    {
        const string Shuffled = """
            graph {
              y = Add(a, b) {T: float32}
              b = Neg(x) {T: float32}
              x = Placeholder() {dtype: float32, shape: shape[2]}
              a = Abs(x) {T: float32}
            }
            """;
        Transformed it = Transformed.Run(Shuffled, "sort_by_execution_order").GivesTheSame();
        Assert.Equal(["x", "a", "b", "y"], it.Model.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Default_attributes_are_added_and_unknown_ops_declined()
    {
        Transformed it = Transformed.Run("graph { x = Placeholder() {dtype: float32, shape: shape[2,2]}\n m = MatMul(x, x) {T: float32}\n y = Custom(m) }", "add_default_attributes");
        Assert.Equal(new BoolAttr(false), it["m"].Attributes["transpose_a"]);
        Assert.Equal([new Decline("add_default_attributes", "y", "Op type not registered 'Custom'")], it.Report.Declines);
    }
}
