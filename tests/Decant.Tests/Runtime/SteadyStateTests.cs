using System.Text.Json;
using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Quantizing;
using Decant.Quantizing.Calibration;
using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Tests.Runtime;

/// <summary>Repeated runs of static shapes allocate nothing.</summary>
public sealed class SteadyStateTests
{
    private const int Repetitions = 8;

    /// <summary>
    /// Of which the least counts: a collection that another thread causes takes the rest of this thread's allocation buffer,
    /// at most 8 KB, and the runtime counts it as allocated (seen for plain arithmetic as well). What a run allocates, it allocates in each.
    /// </summary>
    private const int Batches = 4;

    public static TheoryData<string> Frozen =>
        ["dl4j-lenet", "espcn-x3", "fsanet-capsule", "fsrcnn-x2", "kws-cnn-s", "kws-dnn-s", "kws-ds-cnn-s", "kws-gru-s", "mlnet-cifar-frozen", "t2o-fc-layers", "t2o-gru"];

    public static TheoryData<string, long[]> Saved => new()
    {
        { "basic-pitch", [1, 43844, 1] },
        { "mlperf-kws/kws_ref_model", [1, 49, 10, 1] },
        { "mlnet-cifar-saved-model", [1, 32, 32, 3] },
    };

    public static TheoryData<string> Integer =>
    [
        "coral-deeplabv3-mnv2-dm05-pascal-quant/deeplabv3_mnv2_dm05_pascal_quant", "coral-mobilenet-v1-0.25-128-quant/mobilenet_v1_0.25_128_quant",
        "coral-movenet-single-pose-lightning-ptq/movenet_single_pose_lightning_ptq", "micro-person-detect/person_detect",
        "mlperf-tiny-int8/ad01_int8", "mlperf-tiny-int8/kws_ref_model", "mlperf-tiny-int8/pretrainedResnet_quant", "support-ssd-mobilenet-v1-quant/ssd_mobilenet_v1",
    ];

    public static TheoryData<string> Lite =>
    [
        "keras-h5/mlperf-resnet8/pretrainedResnet", "savedmodel/basic-pitch/nmp", "savedmodel/mlperf-kws/kws_ref_model_float32", "tflite/dtln/model_1", "tflite/dtln/model_quant_1",
        "tflite/micro-hello-world/hello_world_float", "tflite/support-movie-review/movie_review", "tflite/ultralight-rfb-320/version-RFB-320_without_postprocessing",
    ];

    [Fact]
    public void A_network_like_MobileNet_allocates_nothing()
    {
        using Model model = SeededGraphs.MobileNet();
        AllocatesNothing(model, new() { ["x"] = SeededGraphs.Random(new Shape(1, 32, 32, 3)) }, ["y"]);
    }

    /// <summary>Ops that read indices or give them: x is float32 [4,50], i int32 and j int64 [3,2], all fed.</summary>
    [Theory]
    [InlineData("y = Gather(x, i) {Tparams: float32, Tindices: int32}")]
    [InlineData("y = GatherV2(x, j, one) {Tparams: float32, Tindices: int64, Taxis: int32}")]
    [InlineData("y = GatherNd(x, i) {Tparams: float32, Tindices: int32}")]
    [InlineData("y = TopKV2(x, one) {T: float32, Tk: int32, index_type: int16}")]
    [InlineData("top = TopKV2(x, many) {T: float32, Tk: int32}\n  y = Identity(top:1) {T: int32}")]
    [InlineData("y = TopK(x) {T: float32, k: 50}")]
    public void An_op_on_indices_allocates_nothing(string node)
    {
        using Model model = GraphParser.Parse(
            $$$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[4,50]}
              i = Placeholder() {dtype: int32, shape: shape[3,2]}
              j = Placeholder() {dtype: int64, shape: shape[3,2]}
              one = Const() {dtype: int32, value: int32[] {1}}
              many = Const() {dtype: int32, value: int32[] {40}}
              {{{node}}}
            }
            """);
        Dictionary<string, Tensor> inputs = new() { ["x"] = SeededGraphs.Random(new Shape(4, 50)), ["i"] = Tensor.Wrap<int>([3, 0, 1, 2, 2, 3], new Shape(3, 2)), ["j"] = Tensor.Wrap<long>([3, 0, 1, 2, 2, 3], new Shape(3, 2)) };
        AllocatesNothing(model, inputs, ["y"]);
    }

    /// <summary>Transforms of lengths with factors and of others, of one axis and of several: x is float32 [6,4,30].</summary>
    [Theory]
    [InlineData("30", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = ComplexAbs(r) {T: complex64, Tout: float32}")]
    [InlineData("97", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; y = Imag(r) {T: complex64, Tout: float32}")]
    [InlineData("32", "r = RFFT(x, n) {Treal: float32, Tcomplex: complex64}; s = FFT(r) {Tcomplex: complex64}; y = IRFFT(s, n) {Treal: float32, Tcomplex: complex64}")]
    [InlineData("8,15", "r = RFFT2D(x, n) {Treal: float32, Tcomplex: complex64}; y = IRFFT2D(r, n) {Treal: float32, Tcomplex: complex64}")]
    [InlineData("6,8,32", "r = RFFT3D(x, n) {Treal: float32, Tcomplex: complex64}; s = IFFT3D(r) {Tcomplex: complex64}; y = IRFFT3D(s, n) {Treal: float32, Tcomplex: complex64}")]
    [InlineData("1", "c = Const() {dtype: int32, value: int32[2] {360, 2}}; r = Reshape(x, c) {T: float32, Tshape: int32}; y = AudioSpectrogram(r) {window_size: 50, stride: 20, magnitude_squared: false}")]
    [InlineData("16000", "a = Abs(x) {T: float32}; y = Mfcc(a, n) {upper_frequency_limit: 4000f, lower_frequency_limit: 20f, filterbank_channel_count: 20, dct_coefficient_count: 13}")]
    public void A_spectrum_allocates_nothing(string lengths, string nodes)
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[6,4,30]}
              n = Const() {dtype: int32, value: int32[{{lengths.Split(',').Length}}] { {{lengths}} } }
              {{string.Join('\n', nodes.Split("; "))}}
            }
            """);
        AllocatesNothing(model, new() { ["x"] = SeededGraphs.Random(new Shape(6, 4, 30)) }, ["y"]);
    }

    [SharedTheory]
    [MemberData(nameof(Frozen))]
    public void A_frozen_network_allocates_nothing(string name)
    {
        string folder = SharedData.Path($"data/graphdef/{name}/ref-tfjs/rand");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "ref.json")));
        Dictionary<string, Tensor> inputs = json.RootElement.GetProperty("inputs").EnumerateArray()
            .ToDictionary(v => v.GetProperty("name").GetString()!, v => NpyReader.Read(Path.Combine(folder, v.GetProperty("file").GetString()!)));
        using Model model = Model.Load(Directory.GetFiles(SharedData.Path($"data/graphdef/{name}"), "*.pb")[0]);
        AllocatesNothing(model, inputs, [.. json.RootElement.GetProperty("outputs").EnumerateArray().Select(o => o.GetProperty("name").GetString()!)]);
    }

    [SharedTheory]
    [MemberData(nameof(Saved))]
    public void A_saved_model_allocates_nothing(string path, long[] shape)
    {
        using Model model = Model.Load(SharedData.Path($"data/savedmodel/{path}"));
        AllocatesNothing(model, new() { [SignatureView.Of(model).Inputs[0].Name] = SeededGraphs.Random(new Shape(shape)) }, null);
    }

    [SharedTheory]
    [MemberData(nameof(Integer))]
    public void An_integer_network_allocates_nothing(string path) => AllocatesNothing($"tflite/{path}");

    [SharedTheory]
    [MemberData(nameof(Lite))]
    public void A_float_network_of_TensorFlow_Lite_allocates_nothing(string path) => AllocatesNothing(path);

    /// <summary>Operators with states, and products of integers, as they were recorded.</summary>
    [SharedTheory]
    [InlineData("basic_rnn_test")]
    [InlineData("batch_matmul_test")]
    [InlineData("bidirectional_sequence_lstm_test")]
    [InlineData("bidirectional_sequence_rnn_test")]
    [InlineData("lstm_test")]
    [InlineData("quant_basic_lstm_test")]
    [InlineData("svdf_test")]
    [InlineData("unidirectional_sequence_lstm_test")]
    [InlineData("unidirectional_sequence_rnn_test")]
    public void A_recorded_operator_allocates_nothing(string test)
    {
        List<string> faults = [];
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path($"opcases/tflite/{test}")))
        {
            using Model model = Model.Load(@case.Model);
            using var session = new Session(model, new SessionOptions { Threads = 1 });
            using PreparedRun run = session.Prepare(@case.FirstStep((Function)model.Graph).Feeds);
            Allocated(run);
            if (Enumerable.Range(0, Batches).Min(_ => Allocated(run)) is > 0 and long allocated)
                faults.Add($"{@case.Id} ({model.Graph.Nodes[^1]}) allocates {allocated / Repetitions} bytes a run");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Matrices that are packed in each run: columns that fill a register and others, stored either way, one for several on the left.</summary>
    [Fact]
    public void A_transposed_convolution_of_TensorFlow_Lite_allocates_nothing()
    {
        var graph = new SeededGraphs(31);
        Value x = graph.Input("x", 1, 7, 5, 4);
        Node turned = graph.Float("c", "Conv2DBackpropInput", graph.Ints(1, 14, 10, 6), graph.Constant(-0.5f, 3, 3, 6, 4), x).Node;
        turned.Attributes = new AttributeMap { { "T", DType.Float32 }, { "padding", "SAME" }, { "strides", new ListAttr { Ints = [1, 2, 2, 1] } } };
        graph.Float("y", "Relu", graph.Float("b", "BiasAdd", turned, graph.Constant(6)));
        using Model model = graph.Model.Convert().Model;
        Assert.Contains(model.Graph.Nodes, n => n.Op.Name == "TRANSPOSE_CONV");
        AllocatesNothing(model, new() { ["x"] = SeededGraphs.Random(new Shape(1, 7, 5, 4)) }, null);
    }

    [Fact]
    public void Detections_allocate_nothing()
    {
        var detection = new DetectionModel(false, 1, 5, 1, 40, 10);
        using Model model = detection.Make();
        AllocatesNothing(model, detection.Inputs(), null);
    }

    [Theory]
    [InlineData("[2,6,8]", "[2,8,4]", false, false)]
    [InlineData("[2,6,8]", "[2,7,8]", false, true)]
    [InlineData("[3,8,6]", "[1,8,40]", true, false)]
    public void A_product_of_activations_packs_over_those_before(string left, string right, bool adjX, bool adjY)
    {
        using Model model = GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape{{left}}}
              z = Placeholder() {dtype: float32, shape: shape{{right}}}
              y = BatchMatMulV2(x, z) {T: float32, adj_x: {{(adjX ? "true" : "false")}}, adj_y: {{(adjY ? "true" : "false")}}}
            }
            """);
        var set = CalibrationSet.Of([.. Enumerable.Range(0, 3).Select(i => Operands(left, right, seed: i, scale: 1))]);
        using Model integers = model.Convert(new ConvertOptions { Outputs = ["y"], Quantize = QuantizationMode.Int8, Integers = new IntegerOptions { Calibration = set } }).Model;
        Assert.Contains(integers.Graph.Nodes, n => n.Op.Name == "BATCH_MATMUL" && n.Facts[0].DType == DType.Int8);
        AllocatesNothing(integers, Operands(left, right, seed: 5, scale: 1), null);

        using var session = new Session(integers, new SessionOptions { Threads = 1 });
        using PreparedRun run = session.Prepare(Operands(left, right, seed: 6, scale: 1));
        foreach ((int seed, float scale) in new[] { (7, 0.01f), (8, 1f), (9, 0f), (10, 0.5f) })
        {
            Dictionary<string, Tensor> operands = Operands(left, right, seed, scale);
            foreach ((string name, Tensor value) in operands)
                run.SetInput(name, value);
            run.Run();
            using var fresh = new Session(integers, new SessionOptions { Threads = 1 });
            Assert.Equal(fresh.Run(operands)["y"].Span<float>().ToArray(), run.Output<float>("y").ToArray());
        }
    }

    private static Dictionary<string, Tensor> Operands(string left, string right, int seed, float scale)
    {
        Tensor Of(string shape, int seed)
        {
            Tensor value = SeededGraphs.Random(new Shape([.. shape.Trim('[', ']').Split(',').Select(long.Parse)]), seed);
            return Tensor.Wrap([.. value.Span<float>().ToArray().Select(v => v * scale)], value.Shape);
        }

        return new() { ["x"] = Of(left, seed), ["z"] = Of(right, seed + 100) };
    }

    private static void AllocatesNothing(string path)
    {
        using Model model = Model.Load(SharedData.Path($"data/{path}.tflite"));
        var view = SignatureView.Of(model);
        Dictionary<string, Tensor> inputs = [];
        RandomTensors.Complete(inputs, view, view.Outputs.Select(o => o.Name), new Random(1));
        AllocatesNothing(model, inputs, null);
    }

    private static void AllocatesNothing(Model model, Dictionary<string, Tensor> inputs, string[]? outputs)
    {
        using var session = new Session(model, new SessionOptions { Threads = 1 });
        IReadOnlyDictionary<string, Tensor> expected = session.Run(inputs, outputs);
        using PreparedRun run = session.Prepare(inputs, outputs);
        Allocated(run);
        long allocated = Enumerable.Range(0, Batches).Min(_ => Allocated(run));

        Assert.Equal(0, allocated);
        foreach ((string name, Tensor value) in expected)
            Assert.True(value.Data.Span.SequenceEqual(run.Output(name).Data.Span), $"{name} differs between the first and a repeated run");
    }

    private static long Allocated(PreparedRun run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Repetitions; i++)
            run.Run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
