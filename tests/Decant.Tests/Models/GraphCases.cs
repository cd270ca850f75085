using static Decant.Tests.Models.Values;

namespace Decant.Tests.Models;

/// <summary>GraphDefs (binary and text), MetaGraphs and checkpoints.</summary>
internal static class GraphCases
{
    private static readonly Dictionary<string, Tensor> Image = new() { ["IteratorGetNext"] = Random(1, 16, 12, 1) };

    public static IEnumerable<ModelCase> All { get; } =
    [
        new("graphdef/dl4j-lenet/lenet_frozen.pb") { Inputs = new() { ["input"] = Random(2, 784) } },
        new("graphdef/dl4j-train-iris/train_iris.pb") { Inputs = new() { ["Placeholder"] = Random(2, 4) }, Outputs = ["Softmax"], Initializers = ["init"], HasOnlyGivenInputs = true },
        new("graphdef/espcn-x3/ESPCN_x3.pb") { Inputs = Image },
        new("graphdef/fsanet-capsule/fsanet_capsule_3_16_2_21_5.pb"),
        new("graphdef/fsrcnn-x2/FSRCNN_x2.pb") { Inputs = Image },
        new("graphdef/kws-cnn-s/CNN_S.pb") { Inputs = Wave.Inputs },
        new("graphdef/kws-dnn-s/DNN_S.pb") { Inputs = Wave.Inputs },
        new("graphdef/kws-ds-cnn-s/DS_CNN_S.pb") { Inputs = Wave.Inputs },
        new("graphdef/kws-gru-s/GRU_S.pb") { Inputs = Wave.Inputs },
        new("graphdef/mlnet-cifar-frozen/frozen_model.pb"),
        new("graphdef/mlnet-cifar-frozen/frozen_model_variadic_input_shape.pb") { Inputs = new() { ["Input"] = Random(2, 32, 32, 3) } },
        new("graphdef/mp-frozen/frozen_graph_def.pb") { Answers = new() { ["multiplied"] = Ints([1, 3], 3, 4, 3) } },
        new("graphdef/mp-frozen/tf_graph_def.pb") { Outputs = ["multiplied"], Initializers = ["init"], HasOnlyGivenInputs = true, Answers = new() { ["multiplied"] = Ints([1, 3], 1, 1, 1) } },
        new("graphdef/mtcnn/mtcnn.pb"),
        new("graphdef/plus3/plus3.pb") { Inputs = new() { ["input"] = Floats([2], 3, 4) }, Answers = new() { ["output"] = Floats([2], 6, 7) } },
        new("graphdef/rust-addition/model.pb") { Inputs = new() { ["x"] = Ints([], 3), ["y"] = Ints([], 4) }, Answers = new() { ["z"] = Ints([], 7) } },
        new("graphdef/t2o-ae0/frozen.pb"),
        new("graphdef/t2o-fc-layers/frozen.pb"),
        new("graphdef/t2o-gru/frozen.pb") { Inputs = new() { ["X"] = Random(2, 784), ["keep_prob"] = Floats([], 1) } },
        new("graphdef/t2o-regression/frozen.pb") { Inputs = new() { ["X"] = Random(5) } },

        new("graphdef-text/dl4j-pbtxt/argmax.pb.txt"),
        new("graphdef-text/dl4j-pbtxt/nested_while.pb.txt") { Initializers = ["init"] },
        new("graphdef-text/dl4j-pbtxt/reduce_dim.pb.txt"),
        new("graphdef-text/dl4j-pbtxt/simple_while.pb.txt") { Initializers = ["init"] },
        new("graphdef-text/dl4j-pbtxt/tensor_array_loop.pb.txt"),
        new("graphdef-text/dl4j-pbtxt/tensor_slice.pb.txt"),
        new("graphdef-text/dl4j-pbtxt/three_arg_while.pb.txt") { Initializers = ["init"] },
        new("graphdef-text/dl4j-pbtxt/train_iris.pbtxt") { Inputs = new() { ["Placeholder"] = Random(2, 4) }, Outputs = ["Softmax"], Initializers = ["init"], HasOnlyGivenInputs = true },
        new("graphdef-text/litert-end2end/add.pbtxt") { Inputs = new() { ["input0"] = Ints([2], 1, 2), ["input1"] = Ints([2], 10, 20) }, Answers = new() { ["Add"] = Ints([2], 11, 22) } },
        Conditional(true, 0.7f, 1, 1.5f, 2.2f),
        Conditional(false, 1.1f, 2.2f, 3.3f, 4.4f),
        new("graphdef-text/litert-end2end/disallow_stateful_partitioned_call.pbtxt") { Inputs = new() { ["input0"] = Floats([2], 1, 2) }, Outputs = ["add"], HasOnlyGivenInputs = true, Answers = new() { ["add"] = Floats([2], 2, 4) } },
        new("graphdef-text/litert-end2end/fake_quant_per_channel.pbtxt"),
        new("graphdef-text/litert-end2end/gather.pbtxt") { Inputs = new() { ["input"] = Strings([10], [.. "abcdefghij".Select(c => $"{c}")]), ["indices"] = Tensor.Wrap([9L, 0, 4]) }, Answers = new() { ["output"] = Strings([3], "j", "a", "e") } },
        new("graphdef-text/litert-end2end/graph-input-node.pbtxt") { Inputs = new() { ["input"] = Ints([4], 1, 2, 3, 4) }, Answers = new() { ["output"] = Ints([4], 1, 2, 3, 4) } },
        new("graphdef-text/litert-end2end/if_op.pbtxt") { Inputs = new() { ["a"] = Tensor.Scalar(3f), ["b"] = Tensor.Scalar(2f) } },
        new("graphdef-text/litert-end2end/permute.pbtxt"),
        new("graphdef-text/litert-end2end/quant_stats.pbtxt") { Inputs = new() { ["input0"] = Floats([2], 1, 2), ["input1"] = Floats([2], 10, 20) }, Answers = new() { ["Add"] = Floats([2], 11, 22) } },
        new("graphdef-text/litert-end2end/unroll_batch_matmul.pbtxt"),

        new("metagraph/cond-test/cond_test.meta") { Answers = new() { ["cond/Merge"] = Ints([], 34) } },
        new("metagraph/lstm-crf-ner/lstm_crf_ner.meta") { Inputs = Sentences, Outputs = ["Mean"], Initializers = ["*"], HasOnlyGivenInputs = true },
        new("metagraph/rcnn-untrained/rcnn_untrained.meta") { Inputs = Words, Outputs = ["output/dense/BiasAdd", "loss/Mean"], Initializers = ["init"], HasOnlyGivenInputs = true },
        new("metagraph/word-cnn/word_cnn.meta") { Inputs = Words, Outputs = ["output/dense/BiasAdd", "loss/Mean"], Initializers = ["*"], HasOnlyGivenInputs = true },
        new("metagraph/word2vec/word2vec.meta") { Inputs = new() { ["Placeholder"] = Ints([2], 3, 5) }, Outputs = ["MatMul_1"], Initializers = ["*"], HasOnlyGivenInputs = true },
        new("metagraph/xor/xor.meta") { Inputs = new() { ["Placeholder"] = Floats([4, 2], 0, 0, 0, 1, 1, 0, 1, 1), ["Placeholder_1"] = Ints([4], 0, 1, 1, 0) }, Outputs = ["loss"], Initializers = ["init"], HasOnlyGivenInputs = true },

        new("checkpoint-v1/half-plus-two-sessionbundle") { Inputs = new() { ["tf_example"] = Examples.Of("x", 3, 4) }, Outputs = ["Identity"], HasOnlyGivenInputs = true, Answers = new() { ["Identity"] = Floats([2, 1], 3.5f, 4) } },
        new("checkpoint-v1/mp-v1/model.chkpt-0.meta") { Outputs = ["multiplied", "expensive"], HasOnlyGivenInputs = true, Answers = new() { ["multiplied"] = Ints([1, 3], 3, 4, 3) } },
        new("checkpoint-v2/dcscn-l2/dcscn_L2_F4to4_PS_R1F4.ckpt.meta") { Inputs = new() { ["x"] = Random(1, 12, 10, 1), ["x2"] = Random(1, 24, 20, 1), ["dropout_keep_rate"] = Floats([], 1) }, Outputs = ["output"], HasOnlyGivenInputs = true },
        new("checkpoint-v2/estimator-dnn-ckpt/model.ckpt-20000.meta") { Inputs = new() { ["dnn/input_from_feature_columns/input_from_feature_columns/concat"] = Random(64, 56) }, Outputs = ["dnn/logits/BiasAdd"], HasOnlyGivenInputs = true },
        new("checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt.meta") { Inputs = Image, Outputs = ["NCHW_output"], HasOnlyGivenInputs = true },
        new("checkpoint-v2/fsrcnn-x2-small-ckpt/frozen_twin/FSRCNN-small_x2.pb") { Inputs = Image },
        new("checkpoint-v2/mlnet-cifar-ckpt/model.ckpt.meta") { Inputs = new() { ["Input"] = Random(2, 32, 32, 3) }, Outputs = ["Output"], HasOnlyGivenInputs = true },
        new("checkpoint-v2/mlnet-cifar-ckpt/frozen_model.pb"),
        new("checkpoint-v2/tfx-taxi-ckpt/model.ckpt-1000.meta") { Outputs = ["global_step/add"], HasOnlyGivenInputs = true },
    ];

    private static Dictionary<string, Tensor> Words => new() { ["x"] = RandomInts(50, 2, 100), ["y"] = RandomInts(10, 2), ["is_training"] = Tensor.Scalar(false) };

    private static Dictionary<string, Tensor> Sentences => new()
    {
        ["word_ids"] = RandomInts(20, 2, 5),
        ["sequence_lengths"] = Ints([2], 5, 3),
        ["char_ids"] = RandomInts(20, 2, 5, 4),
        ["word_lengths"] = Ints([2, 5], 4, 3, 2, 1, 4, 4, 4, 4, 1, 1),
        ["labels"] = RandomInts(3, 2, 5),
        ["dropout"] = Floats([], 1),
    };

    private static ModelCase Conditional(bool predicate, params float[] answer) => new("graphdef-text/litert-end2end/control_flow_v1.pbtxt")
    {
        Inputs = new() { ["Placeholder"] = Floats([2, 2], 1, 2, 3, 4), ["Placeholder_1"] = Tensor.Scalar(predicate) },
        Outputs = ["cond/Merge"],
        Answers = new() { ["cond/Merge"] = Floats([2, 2], answer) },
    };
}
