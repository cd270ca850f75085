namespace Decant.Tests.Models;

/// <summary>What of other people's models is not run, and why.</summary>
internal static class RefusedModels
{
    /// <summary>Models that cannot be run at all, and what running them says.</summary>
    public static IReadOnlyDictionary<string, string> Models { get; } = new Dictionary<string, string>
    {
        // Custom ops, whose code is not TensorFlow's.
        ["savedmodel/tfdf-adult-rf"] = "op SimpleMLCreateModelResource has no kernel",
        ["graphdef-text/litert-end2end/custom_opdef.pbtxt"] = "op BannaPotatoSaladWithColeslaw has no kernel",

        // A Merge of two placeholders: whichever comes first.
        ["savedmodel/control-flow-v1"] = "exist under the same conditions",

        // Training graphs whose inputs come from queues and datasets.
        ["graphdef-text/estimator-linreg-graph/graph.pbtxt"] = "has no kernel",
        ["graphdef-text/tfx-taxi-graph/graph.pbtxt"] = "op IteratorGetNext has no kernel",

        // Variables without a graph.
        ["checkpoint-v1/char-rnn-linux-kernel"] = "the model has no outputs to run it for",
        ["checkpoint-v2/keras-lso-object-ckpt"] = "the model has no outputs to run it for",
        ["checkpoint-v2/sugyan-mnist-regression/regression.ckpt.index"] = "the model has no outputs to run it for",
        ["checkpoint-v2/swift-index-only/minigo.index"] = "the model has no outputs to run it for",
        ["checkpoint-v2/swift-index-only/style.index"] = "the model has no outputs to run it for",
        ["checkpoint-v2/swift-index-only/transformer.index"] = "the model has no outputs to run it for",
    };

    /// <summary>Outputs of models that else are run, and what asking for them says: training steps, summaries, sampled losses, datasets.</summary>
    public static IReadOnlyList<(string Path, string Output, string Reason)> Outputs { get; } =
    [
        ("metagraph/xor/xor.meta", "train_op", "op ApplyGradientDescent has no kernel"),
        ("metagraph/word-cnn/word_cnn.meta", "loss/Adam", "op ApplyAdam has no kernel"),
        ("metagraph/lstm-crf-ner/lstm_crf_ner.meta", "loss", "op ScalarSummary has no kernel"),
        ("metagraph/word2vec/word2vec.meta", "Mean", "op LogUniformCandidateSampler has no kernel"),
        ("checkpoint-v2/fsrcnn-x2-small-ckpt/fsrcnn_ckpt.meta", "IteratorGetNext", "op IteratorGetNext has no kernel"),
        ("checkpoint-v2/tfx-taxi-ckpt/model.ckpt-1000.meta", "head/predictions/probabilities", "op IteratorGetNext has no kernel"),
    ];

    /// <summary>Files of a schema older than any that TensorFlow published, and where they depart from it.</summary>
    public static IReadOnlyDictionary<string, string> Unreadable { get; } = new Dictionary<string, string>
    {
        ["graphdef-text/dl4j-pbtxt/max_add_2.pb.txt"] = "AttrValue has no field 'opType'",
        ["graphdef-text/dl4j-pbtxt/max_graph.pb.txt"] = "AttrValue has no field 'opType'",
        ["graphdef-text/dl4j-pbtxt/max_log_reg.pb.txt"] = "AttrValue has no field 'opType'",
    };
}
