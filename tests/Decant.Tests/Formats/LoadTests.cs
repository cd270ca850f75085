using Decant.Formats;
using Decant.TestKit;

namespace Decant.Tests.Formats;

public sealed class LoadTests
{
    [SharedTheory]
    [InlineData("data/graphdef/plus3/plus3.pb", "graphdef", 3)]
    [InlineData("data/graphdef/dl4j-train-iris", "not-recognized", 0)]
    [InlineData("data/savedmodel/half-plus-two-2-versions", "saved_model", 1)]
    [InlineData("data/savedmodel/half-plus-two-2-versions/00000123/saved_model.pb", "saved_model", 1)]
    [InlineData("data/savedmodel/mlperf-kws", "saved_model", 1)]
    [InlineData("data/tfhub/hub-v1-mini/hub_module_v1_mini", "hub", 3)]
    [InlineData("data/tfhub/half-plus-two-v1-targz/half_plus_two_v1.tar.gz", "hub", 1)]
    [InlineData("data/checkpoint-v2/fsrcnn-x2-small-ckpt", "checkpoint", 1)]
    [InlineData("data/checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt", "checkpoint", 1)]
    [InlineData("data/checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt.index", "checkpoint", 1)]
    [InlineData("data/checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt.data-00000-of-00001", "checkpoint", 1)]
    [InlineData("data/checkpoint-v2/keras-lso-object-ckpt", "checkpoint", 0)]
    [InlineData("data/checkpoint-v2/dcscn-l2/dcscn_L2_F4to4_PS_R1F4.ckpt.meta", "metagraph", 1)]
    [InlineData("data/checkpoint-v1/mp-v1/model.chkpt-0", "checkpoint", 1)]
    [InlineData("data/checkpoint-v1/half-plus-two-sessionbundle", "session_bundle", 1)]
    [InlineData("data/checkpoint-v1/half-plus-two-sessionbundle/export.meta", "session_bundle", 1)]
    [InlineData("data/keras-h5/dl4j-12net", "not-recognized", 0)]
    [InlineData("data/keras-h5/dl4j-12net/12net.h5", "keras_h5", 10)]
    [InlineData("data/keras-zip/mnist-moonflower/mnist_model.keras", "keras", 10)]
    [InlineData("data/keras-h5/dl4j-simple-lstm/simple_lstm_tf_keras_2_inputs_and_outputs.h5", "not-recognized", 0)]
    [InlineData("data/bad/lfs-pointer/saved_model.pb", "not-recognized", 0)]
    [InlineData("data/bad/lfs-pointer", "not-recognized", 0)]
    [InlineData("data/bad/raw-ckpt/model.ckpt", "not-recognized", 0)]
    [InlineData("data/bad/litert-bad/empty_model.bin", "tflite", 0)]
    [InlineData("data/tflite/micro-hello-world", "not-recognized", 0)]
    [InlineData("data/tflite/micro-hello-world/hello_world_float.tflite", "tflite", 4)]
    [InlineData("data/nowhere/model.pb", "cannot-read", 0)]
    public void A_path_is_recognized_by_its_content(string path, string expected, int leastNodes)
    {
        string full = Path.Combine(SharedData.Root, path);
        try
        {
            using Model model = Model.Load(full);
            Assert.Equal(expected, model.Format);
            Assert.True(model.Graph.Nodes.Count >= leastNodes);
        }
        catch (ModelException e)
        {
            Assert.Equal(expected, e.Diagnostics[0].Code.Id);
            Assert.NotNull(e.Diagnostics[0].Location?.File);
        }
    }

    [SharedFact]
    public void The_highest_version_is_taken_and_it_is_said()
    {
        using Model model = Model.Load(SharedData.Path("data/savedmodel/half-plus-two-2-versions"));
        Assert.Contains(model.Notes, n => n.Contains("00000124", StringComparison.Ordinal));
    }

    [SharedFact]
    public void A_set_of_tags_that_is_not_there_is_an_error_that_lists_those_that_are()
    {
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(SharedData.Path("data/savedmodel/t2o-regression"), new LoadOptions { Tags = ["serve", "gpu"] }));
        Assert.Equal(FormatErrors.NoSuchTags, e.Diagnostics[0].Code);
        Assert.Contains("{serve}", e.Message, StringComparison.Ordinal);
        using Model model = Model.Load(SharedData.Path("data/savedmodel/t2o-regression"), new LoadOptions { Tags = ["serve"] });
        Assert.Equal(["serve"], model.TensorFlow.Tags);
    }

    [SharedFact]
    public void Texts_that_are_no_graphs_are_refused_with_line_and_column()
    {
        foreach (string file in FormatFiles.NoGraphDefs)
        {
            ModelException e = Assert.Throws<ModelException>(() => Model.Load(file));
            Assert.Equal((7, 7), (e.Diagnostics[0].Location!.Line, e.Diagnostics[0].Location!.Column));
        }
    }

    [Theory]
    [InlineData("", "not-recognized", "empty")]
    [InlineData("<!DOCTYPE html><html>", "not-recognized", "web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "not-recognized", "Git LFS")]
    [InlineData("PK\u0003\u0004 and so on", "not-recognized", "zip")]
    [InlineData("{\"format\": \"graph-model\"}", "format-not-supported", "TensorFlow.js")]
    [InlineData("hello, this is no model", "not-recognized", "no known format")]
    [InlineData("node { name: \"a\" op: \"NoOp\" input: \"b\" }", "missing-node", "'b'")]
    [InlineData("node { name: \"a\"\n op: }", "bad-protobuf-text", "op")]
    public void What_is_no_model_is_said(string content, string code, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.bin"], content);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(folder["model.bin"]));
        Assert.Equal(code, e.Diagnostics[0].Code.Id);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Contains("model.bin", e.Diagnostics[0].Location?.File, StringComparison.Ordinal);
    }

    [SharedFact]
    public void A_missing_asset_is_noted_and_a_link_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (Model model = Model.Load(SharedData.Path("data/savedmodel/half-plus-three/00000123")))
        {
            Assert.NotEmpty(model.AssetPaths);
            model.Save(folder["model"], "saved_model");
        }

        string asset = folder["model/assets/foo.txt"];
        File.Delete(asset);
        using (Model model = Model.Load(folder["model"]))
            Assert.Contains(model.Notes, n => n.Contains("foo.txt", StringComparison.Ordinal));
        File.WriteAllText(folder["secret"], "secret");
        File.CreateSymbolicLink(asset, folder["secret"]);
        Assert.Equal(FormatErrors.BadAsset, Assert.Throws<ModelException>(() => Model.Load(folder["model"])).Diagnostics[0].Code);
    }

    [Theory]
    [InlineData(false, "variables.index")]
    [InlineData(true, "variables.data-00000-of-00001")]
    public void A_SavedModel_whose_variables_were_not_copied_along_is_noted(bool hasIndex, string missing)
    {
        using var folder = new TemporaryFolder();
        using (Model model = Decant.IR.TextForm.GraphParser.Parse("graph { v = VarHandleOp() {dtype: float32, shape: shape[2]} r = ReadVariableOp(v) {dtype: float32} }"))
            model.Save(folder["model"], "saved_model");
        if (hasIndex)
        {
            Directory.CreateDirectory(folder["model/variables"]);
            File.WriteAllBytes(folder["model/variables/variables.index"], []);
        }

        using Model loaded = Model.Load(folder["model"]);
        Assert.Contains(loaded.Notes, n => n.EndsWith($"{missing} is missing: 1 variables have no values", StringComparison.Ordinal));
    }

    [SharedTheory]
    [InlineData("../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("")]
    [InlineData("c:\\x")]
    public void An_asset_that_leads_out_of_the_folder_is_refused(string fileName)
    {
        using var folder = new TemporaryFolder();
        using (Model model = Model.Load(SharedData.Path("data/savedmodel/half-plus-three/00000123")))
        {
            byte[] asset = Decant.Wire.Protobuf.ProtoWriter.ToBytes(w => w.String(2, fileName));
            model.TensorFlow.Assets.Add(new Decant.IR.AssetFileDef("Const:0", fileName, new BufferSlice(asset)));
            model.Save(folder["model"], "saved_model");
        }

        ModelException e = Assert.Throws<ModelException>(() => Model.Load(folder["model"]));
        Assert.Equal(FormatErrors.BadAsset, e.Diagnostics[0].Code);
    }
}
