namespace Decant.Registration;

/// <summary>
/// Which file of TensorFlow's tensorflow/core/kernels registers the CPU kernels of which ops, as of TensorFlow 2.0, the last one
/// with a mobile build. A line per file: its name, with * when the mobile build compiles it, a tab, its ops. Text of the code
/// and no resource, as a trimmed app carries every resource.
/// </summary>
internal static class KernelSources
{
    public static ReadOnlySpan<byte> Table =>
        """
        adjust_contrast_op.cc	AdjustContrast AdjustContrastv2
        adjust_hue_op.cc	AdjustHue
        adjust_saturation_op.cc	AdjustSaturation
        aggregate_ops.cc*	AddN
        argmax_op.cc*	ArgMax ArgMin
        as_string_op.cc	AsString
        attention_ops.cc	ExtractGlimpse
        avgpooling_op.cc*	AvgPool AvgPoolGrad
        barrier_ops.cc	Barrier BarrierClose BarrierIncompleteSize BarrierInsertMany BarrierReadySize BarrierTakeMany
        base64_ops.cc	DecodeBase64 EncodeBase64
        batch_kernels.cc	Batch BatchFunction Unbatch UnbatchGrad
        batch_matmul_op_complex.cc	BatchMatMul BatchMatMulV2
        batch_matmul_op_real.cc*	BatchMatMul BatchMatMulV2
        batch_norm_op.cc*	BatchNormWithGlobalNormalization BatchNormWithGlobalNormalizationGrad
        batchtospace_op.cc*	BatchToSpace BatchToSpaceND
        bcast_ops.cc*	BroadcastArgs BroadcastGradientArgs
        betainc_op.cc	Betainc
        bias_op.cc*	BiasAdd BiasAddGrad BiasAddV1
        bincount_op.cc	Bincount
        boosted_trees/prediction_ops.cc	BoostedTreesExampleDebugOutputs BoostedTreesPredict BoostedTreesTrainingPredict
        boosted_trees/quantile_ops.cc	BoostedTreesBucketize BoostedTreesCreateQuantileStreamResource BoostedTreesFlushQuantileSummaries BoostedTreesMakeQuantileSummaries BoostedTreesQuantileStreamResourceAddSummaries BoostedTreesQuantileStreamResourceDeserialize BoostedTreesQuantileStreamResourceFlush BoostedTreesQuantileStreamResourceGetBucketBoundaries IsBoostedTreesQuantileStreamResourceInitialized
        boosted_trees/resource_ops.cc	BoostedTreesCreateEnsemble BoostedTreesDeserializeEnsemble BoostedTreesGetEnsembleStates BoostedTreesSerializeEnsemble IsBoostedTreesEnsembleInitialized
        boosted_trees/stats_ops.cc	BoostedTreesAggregateStats BoostedTreesCalculateBestFeatureSplit BoostedTreesCalculateBestGainsPerFeature BoostedTreesMakeStatsSummary BoostedTreesSparseAggregateStats BoostedTreesSparseCalculateBestFeatureSplit
        boosted_trees/training_ops.cc	BoostedTreesCenterBias BoostedTreesUpdateEnsemble
        broadcast_to_op.cc	BroadcastTo
        bucketize_op.cc	Bucketize
        candidate_sampler_ops.cc	AllCandidateSampler ComputeAccidentalHits FixedUnigramCandidateSampler LearnedUnigramCandidateSampler LogUniformCandidateSampler ThreadUnsafeUnigramCandidateSampler UniformCandidateSampler
        cast_op.cc*	Cast
        check_numerics_op.cc*	CheckNumerics
        cholesky_grad.cc	BatchCholeskyGrad CholeskyGrad
        cholesky_op.cc	BatchCholesky Cholesky
        clustering_ops.cc	KMC2ChainInitialization KmeansPlusPlusInitialization NearestNeighbors
        collective_ops.cc	CollectiveBcastRecv CollectiveBcastSend CollectiveGather CollectiveReduce
        colorspace_op.cc	HSVToRGB RGBToHSV
        concat_op.cc*	Concat ConcatOffset ConcatV2
        conditional_accumulator_base_op.cc	AccumulatorNumAccumulated AccumulatorSetGlobalStep ResourceAccumulatorNumAccumulated ResourceAccumulatorSetGlobalStep
        conditional_accumulator_op.cc	AccumulatorApplyGradient AccumulatorTakeGradient ConditionalAccumulator ResourceAccumulatorApplyGradient ResourceAccumulatorTakeGradient ResourceConditionalAccumulator
        constant_op.cc*	Const Fill OnesLike Placeholder PlaceholderV2 ZerosLike
        control_flow_ops.cc*	Abort ControlTrigger Enter Exit LoopCond Merge NextIteration RefEnter RefExit RefMerge RefNextIteration RefSelect RefSwitch Switch
        conv_grad_filter_ops.cc*	Conv2DBackpropFilter
        conv_grad_input_ops.cc*	Conv2DBackpropInput
        conv_grad_ops_3d.cc	Conv3DBackpropFilter Conv3DBackpropFilterV2 Conv3DBackpropInput Conv3DBackpropInputV2
        conv_ops.cc*	Conv2D
        conv_ops_3d.cc*	Conv3D
        conv_ops_fused_image_transform.cc	FusedPadConv2D FusedResizeAndPadConv2D
        conv_ops_using_gemm.cc*	Conv2D
        count_up_to_op.cc	CountUpTo ResourceCountUpTo
        crop_and_resize_op.cc*	CropAndResize CropAndResizeGradBoxes CropAndResizeGradImage
        cross_op.cc	Cross
        ctc_decoder_ops.cc*	CTCBeamSearchDecoder CTCGreedyDecoder
        ctc_loss_op.cc	CTCLoss
        cudnn_rnn_ops.cc	CudnnRNN CudnnRNNBackprop CudnnRNNBackpropV2 CudnnRNNBackpropV3 CudnnRNNCanonicalToParams CudnnRNNCanonicalToParamsV2 CudnnRNNParamsSize CudnnRNNParamsToCanonical CudnnRNNParamsToCanonicalV2 CudnnRNNV2 CudnnRNNV3
        cwise_op_abs.cc*	Abs ComplexAbs
        cwise_op_acos.cc	Acos
        cwise_op_acosh.cc	Acosh
        cwise_op_add_1.cc*	Add AddV2
        cwise_op_add_2.cc*	Add AddV2
        cwise_op_arg.cc	Angle
        cwise_op_asin.cc	Asin
        cwise_op_asinh.cc	Asinh
        cwise_op_atan.cc	Atan
        cwise_op_atan2.cc	Atan2
        cwise_op_atanh.cc	Atanh
        cwise_op_bessel.cc	BesselI0e BesselI1e
        cwise_op_bitwise_and.cc*	BitwiseAnd
        cwise_op_bitwise_or.cc*	BitwiseOr
        cwise_op_bitwise_xor.cc*	BitwiseXor
        cwise_op_ceil.cc	Ceil
        cwise_op_clip.cc	ClipByValue
        cwise_op_complex.cc	Complex
        cwise_op_conj.cc	Conj
        cwise_op_cos.cc*	Cos
        cwise_op_cosh.cc*	Cosh
        cwise_op_digamma.cc	Digamma
        cwise_op_div.cc*	Div DivNoNan RealDiv TruncateDiv
        cwise_op_equal_to_1.cc*	ApproximateEqual Equal
        cwise_op_equal_to_2.cc*	Equal
        cwise_op_erf.cc*	Erf
        cwise_op_erfc.cc	Erfc
        cwise_op_exp.cc*	Exp
        cwise_op_expm1.cc	Expm1
        cwise_op_floor.cc*	Floor
        cwise_op_floor_div.cc*	FloorDiv
        cwise_op_floor_mod.cc*	FloorMod
        cwise_op_greater.cc*	Greater
        cwise_op_greater_equal.cc*	GreaterEqual
        cwise_op_igammas.cc	Igamma IgammaGradA Igammac
        cwise_op_imag.cc	Imag
        cwise_op_invert.cc*	Invert
        cwise_op_isfinite.cc*	IsFinite
        cwise_op_isinf.cc	IsInf
        cwise_op_isnan.cc*	IsNan
        cwise_op_left_shift.cc*	LeftShift
        cwise_op_less.cc*	Less
        cwise_op_less_equal.cc*	LessEqual
        cwise_op_lgamma.cc	Lgamma
        cwise_op_log.cc*	Log
        cwise_op_log1p.cc	Log1p
        cwise_op_logical_and.cc*	LogicalAnd
        cwise_op_logical_not.cc*	LogicalNot
        cwise_op_logical_or.cc*	LogicalOr
        cwise_op_maximum.cc*	Maximum
        cwise_op_minimum.cc*	Minimum
        cwise_op_mod.cc	Mod TruncateMod
        cwise_op_mul_1.cc*	Mul MulNoNan
        cwise_op_mul_2.cc*	Mul
        cwise_op_neg.cc*	Neg
        cwise_op_not_equal_to_1.cc*	NotEqual
        cwise_op_not_equal_to_2.cc*	NotEqual
        cwise_op_pow.cc*	Pow
        cwise_op_random_grad.cc	RandomGammaGrad
        cwise_op_real.cc	Real
        cwise_op_reciprocal.cc*	Inv InvGrad Reciprocal ReciprocalGrad
        cwise_op_right_shift.cc*	RightShift
        cwise_op_rint.cc	Rint
        cwise_op_round.cc*	Round
        cwise_op_rsqrt.cc*	Rsqrt RsqrtGrad
        cwise_op_select.cc*	Select SelectV2
        cwise_op_sigmoid.cc*	Sigmoid SigmoidGrad
        cwise_op_sign.cc*	Sign
        cwise_op_sin.cc*	Sin
        cwise_op_sinh.cc*	Sinh
        cwise_op_sqrt.cc*	Sqrt SqrtGrad
        cwise_op_square.cc*	Square
        cwise_op_squared_difference.cc*	SquaredDifference
        cwise_op_sub.cc*	Sub
        cwise_op_tan.cc*	Tan
        cwise_op_tanh.cc*	Tanh TanhGrad
        cwise_op_xdivy.cc*	Xdivy
        cwise_op_xlogy.cc*	Xlogy
        cwise_op_zeta.cc	Polygamma Zeta
        data/batch_dataset_op.cc	BatchDataset BatchDatasetV2
        data/cache_dataset_ops.cc	CacheDataset CacheDatasetV2
        data/cache_ops.cc	AnonymousMemoryCache DeleteMemoryCache
        data/concatenate_dataset_op.cc	ConcatenateDataset
        data/dataset_ops.cc	DatasetCardinality DatasetFromGraph DatasetToGraph ExperimentalDatasetCardinality
        data/experimental/assert_next_dataset_op.cc	AssertNextDataset ExperimentalAssertNextDataset
        data/experimental/auto_shard_dataset_op.cc	AutoShardDataset ExperimentalAutoShardDataset
        data/experimental/choose_fastest_branch_dataset_op.cc	ChooseFastestBranchDataset
        data/experimental/choose_fastest_dataset_op.cc	ChooseFastestDataset ExperimentalChooseFastestDataset
        data/experimental/csv_dataset_op.cc	CSVDataset ExperimentalCSVDataset
        data/experimental/dense_to_sparse_batch_dataset_op.cc	DenseToSparseBatchDataset ExperimentalDenseToSparseBatchDataset
        data/experimental/directed_interleave_dataset_op.cc	DirectedInterleaveDataset ExperimentalDirectedInterleaveDataset
        data/experimental/group_by_reducer_dataset_op.cc	ExperimentalGroupByReducerDataset GroupByReducerDataset
        data/experimental/group_by_window_dataset_op.cc	ExperimentalGroupByWindowDataset GroupByWindowDataset
        data/experimental/ignore_errors_dataset_op.cc	ExperimentalIgnoreErrorsDataset IgnoreErrorsDataset
        data/experimental/lmdb_dataset_op.cc	ExperimentalLMDBDataset LMDBDataset
        data/experimental/map_and_batch_dataset_op.cc	ExperimentalMapAndBatchDataset MapAndBatchDataset
        data/experimental/matching_files_dataset_op.cc	ExperimentalMatchingFilesDataset MatchingFilesDataset
        data/experimental/non_serializable_dataset_op.cc	ExperimentalNonSerializableDataset NonSerializableDataset
        data/experimental/parallel_interleave_dataset_op.cc	ExperimentalParallelInterleaveDataset ParallelInterleaveDataset
        data/experimental/parse_example_dataset_op.cc	ExperimentalParseExampleDataset ParseExampleDataset
        data/experimental/prefetching_kernels.cc	ExperimentalIteratorGetDevice IteratorGetDevice
        data/experimental/random_dataset_op.cc	ExperimentalRandomDataset RandomDataset
        data/experimental/rebatch_dataset_op.cc	ExperimentalRebatchDataset RebatchDataset
        data/experimental/sampling_dataset_op.cc	SamplingDataset
        data/experimental/scan_dataset_op.cc	ExperimentalScanDataset ScanDataset
        data/experimental/set_stats_aggregator_dataset_op.cc	ExperimentalSetStatsAggregatorDataset SetStatsAggregatorDataset
        data/experimental/sleep_dataset_op.cc	ExperimentalSleepDataset SleepDataset
        data/experimental/sliding_window_dataset_op.cc	ExperimentalSlidingWindowDataset SlidingWindowDataset
        data/experimental/snapshot_dataset_op.cc	SnapshotDataset
        data/experimental/sql_dataset_op.cc	ExperimentalSqlDataset SqlDataset
        data/experimental/stats_aggregator_ops.cc	ExperimentalStatsAggregatorHandle ExperimentalStatsAggregatorSummary StatsAggregatorHandle StatsAggregatorHandleV2 StatsAggregatorSetSummaryWriter StatsAggregatorSummary
        data/experimental/stats_dataset_ops.cc	BytesProducedStatsDataset ExperimentalBytesProducedStatsDataset ExperimentalLatencyStatsDataset LatencyStatsDataset
        data/experimental/take_while_dataset_op.cc	ExperimentalTakeWhileDataset TakeWhileDataset
        data/experimental/threadpool_dataset_op.cc	ExperimentalMaxIntraOpParallelismDataset ExperimentalPrivateThreadPoolDataset ExperimentalThreadPoolDataset ExperimentalThreadPoolHandle MaxIntraOpParallelismDataset PrivateThreadPoolDataset ThreadPoolDataset ThreadPoolHandle
        data/experimental/to_tf_record_op.cc	DatasetToTFRecord ExperimentalDatasetToTFRecord
        data/experimental/unbatch_dataset_op.cc	ExperimentalUnbatchDataset UnbatchDataset
        data/experimental/unique_dataset_op.cc	ExperimentalUniqueDataset UniqueDataset
        data/filter_dataset_op.cc	FilterDataset
        data/fixed_length_record_dataset_op.cc	FixedLengthRecordDataset FixedLengthRecordDatasetV2
        data/flat_map_dataset_op.cc	FlatMapDataset
        data/generator_dataset_op.cc	GeneratorDataset
        data/interleave_dataset_op.cc	InterleaveDataset
        data/iterator_ops.cc	AnonymousIterator AnonymousIteratorV2 DatasetToSingleElement DeleteIterator DeserializeIterator Iterator IteratorFromStringHandle IteratorFromStringHandleV2 IteratorGetNext IteratorGetNextAsOptional IteratorGetNextSync IteratorToStringHandle IteratorV2 MakeIterator OneShotIterator ReduceDataset SerializeIterator
        data/map_dataset_op.cc	ExperimentalMapDataset MapDataset
        data/map_defun_op.cc	MapDefun
        data/model_dataset_op.cc	ModelDataset
        data/multi_device_iterator_ops.cc	DeleteMultiDeviceIterator MultiDeviceIterator MultiDeviceIteratorFromStringHandle MultiDeviceIteratorGetNextFromShard MultiDeviceIteratorInit MultiDeviceIteratorToStringHandle
        data/optimize_dataset_op.cc	OptimizeDataset
        data/optional_ops.cc	OptionalFromValue OptionalGetValue OptionalHasValue OptionalNone
        data/padded_batch_dataset_op.cc	PaddedBatchDataset PaddedBatchDatasetV2
        data/parallel_interleave_dataset_op.cc	ParallelInterleaveDatasetV2
        data/parallel_map_dataset_op.cc	ParallelMapDataset
        data/prefetch_dataset_op.cc	PrefetchDataset
        data/random_seed_ops.cc	AnonymousRandomSeedGenerator DeleteRandomSeedGenerator
        data/range_dataset_op.cc	RangeDataset
        data/repeat_dataset_op.cc	RepeatDataset
        data/shard_dataset_op.cc	ShardDataset
        data/shuffle_dataset_op.cc	ShuffleAndRepeatDataset ShuffleDataset ShuffleDatasetV2
        data/skip_dataset_op.cc	SkipDataset
        data/sparse_tensor_slice_dataset_op.cc	SparseTensorSliceDataset
        data/take_dataset_op.cc	TakeDataset
        data/tensor_dataset_op.cc	TensorDataset
        data/tensor_slice_dataset_op.cc	TensorSliceDataset
        data/text_line_dataset_op.cc	TextLineDataset
        data/tf_record_dataset_op.cc	TFRecordDataset
        data/window_dataset_op.cc	WindowDataset
        data/zip_dataset_op.cc	ZipDataset
        data_format_ops.cc*	DataFormatDimMap DataFormatVecPermute
        debug_ops.cc	Copy CopyHost DebugIdentity DebugNanCount DebugNumericSummary
        decode_bmp_op.cc*	DecodeBmp
        decode_compressed_op.cc	DecodeCompressed
        decode_csv_op.cc	DecodeCSV
        decode_image_op.cc	DecodeAndCropJpeg DecodeGif DecodeJpeg DecodePng
        decode_padded_raw_op.cc	DecodePaddedRaw
        decode_proto_op.cc	DecodeProtoV2
        decode_raw_op.cc	DecodeRaw
        decode_wav_op.cc*	DecodeWav
        dense_update_ops.cc*	Assign AssignAdd AssignSub
        depthtospace_op.cc*	DepthToSpace
        depthwise_conv_grad_op.cc	DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput
        depthwise_conv_op.cc*	DepthwiseConv2dNative
        dequantize_op.cc	Dequantize
        deserialize_sparse_string_op.cc	DeserializeManySparse DeserializeSparse
        deserialize_sparse_variant_op.cc	DeserializeSparse
        determinant_op.cc	BatchMatrixDeterminant LogMatrixDeterminant MatrixDeterminant
        diag_op.cc	Diag DiagPart
        dilation_ops.cc	Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput
        draw_bounding_box_op.cc	DrawBoundingBoxes DrawBoundingBoxesV2
        dynamic_partition_op.cc*	DynamicPartition
        dynamic_stitch_op.cc*	DynamicStitch ParallelDynamicStitch
        edit_distance_op.cc	EditDistance
        einsum_op.cc*	Einsum
        encode_jpeg_op.cc	EncodeJpeg EncodeJpegVariableQuality
        encode_png_op.cc	EncodePng
        encode_proto_op.cc	EncodeProto
        encode_wav_op.cc*	EncodeWav
        example_parsing_ops.cc*	DecodeJSONExample ParseExample ParseSequenceExample ParseSingleExample ParseSingleSequenceExample
        extract_image_patches_op.cc	ExtractImagePatches
        extract_jpeg_shape_op.cc	ExtractJpegShape
        extract_volume_patches_op.cc	ExtractVolumePatches
        fact_op.cc	Fact
        fake_quant_ops.cc*	FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient FakeQuantWithMinMaxVarsPerChannel FakeQuantWithMinMaxVarsPerChannelGradient
        fft_ops.cc*	BatchFFT BatchFFT2D BatchFFT3D BatchIFFT BatchIFFT2D BatchIFFT3D FFT FFT2D FFT3D IFFT IFFT2D IFFT3D IRFFT IRFFT2D IRFFT3D RFFT RFFT2D RFFT3D
        fifo_queue_op.cc*	FIFOQueue FIFOQueueV2
        fingerprint_op.cc	Fingerprint
        fixed_length_record_reader_op.cc	FixedLengthRecordReader FixedLengthRecordReaderV2
        fractional_avg_pool_op.cc	FractionalAvgPool FractionalAvgPoolGrad
        fractional_max_pool_op.cc	FractionalMaxPool FractionalMaxPoolGrad
        function_ops.cc*	RemoteCall _Arg _ArrayToList _ListToArray _Retval
        functional_ops.cc	Case FakeParam For If StatelessIf StatelessWhile While
        fused_batch_norm_op.cc*	FusedBatchNorm FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3 FusedBatchNormV2 FusedBatchNormV3
        gather_nd_op.cc*	GatherNd
        gather_op.cc*	Gather GatherV2
        generate_vocab_remapping_op.cc	GenerateVocabRemapping
        guarantee_const_op.cc	GuaranteeConst
        histogram_op.cc	HistogramFixedWidth
        host_constant_op.cc	HostConst
        identity_n_op.cc*	IdentityN
        identity_op.cc*	DebugGradientIdentity DebugGradientRefIdentity Identity PlaceholderWithDefault PreventGradient RefIdentity StopGradient
        identity_reader_op.cc	IdentityReader IdentityReaderV2
        immutable_constant_op.cc*	ImmutableConst
        in_topk_op.cc*	InTopK InTopKV2
        inplace_ops.cc	DeepCopy Empty InplaceAdd InplaceSub InplaceUpdate ParallelConcat
        l2loss_op.cc	L2Loss
        list_kernels.cc	EmptyTensorList TensorListConcat TensorListConcatLists TensorListConcatV2 TensorListElementShape TensorListFromTensor TensorListGather TensorListGetItem TensorListLength TensorListPopBack TensorListPushBack TensorListPushBackBatch TensorListReserve TensorListResize TensorListScatter TensorListScatterIntoExistingList TensorListScatterV2 TensorListSetItem TensorListSplit TensorListStack
        listdiff_op.cc*	ListDiff
        lmdb_reader_op.cc	LMDBReader
        load_and_remap_matrix_op.cc	LoadAndRemapMatrix
        logging_ops.cc*	Assert Print PrintV2 Timestamp
        lookup_table_init_op.cc*	InitializeTable InitializeTableFromTextFile InitializeTableFromTextFileV2 InitializeTableV2
        lookup_table_op.cc*	HashTable HashTableV2 LookupTableExport LookupTableExportV2 LookupTableFind LookupTableFindV2 LookupTableImport LookupTableImportV2 LookupTableInsert LookupTableInsertV2 LookupTableRemoveV2 LookupTableSize LookupTableSizeV2 MutableDenseHashTable MutableDenseHashTableV2 MutableHashTable MutableHashTableOfTensors MutableHashTableOfTensorsV2 MutableHashTableV2
        lrn_op.cc*	LRN LRNGrad
        lu_op.cc	Lu
        map_stage_op.cc	MapClear MapIncompleteSize MapPeek MapSize MapStage MapUnstage MapUnstageNoKey OrderedMapClear OrderedMapIncompleteSize OrderedMapPeek OrderedMapSize OrderedMapStage OrderedMapUnstage OrderedMapUnstageNoKey
        matching_files_op.cc	MatchingFiles
        matmul_op.cc*	MatMul
        matrix_band_part_op.cc	BatchMatrixBandPart MatrixBandPart
        matrix_diag_op.cc*	BatchMatrixDiag BatchMatrixDiagPart MatrixDiag MatrixDiagPart MatrixDiagPartV2 MatrixDiagV2
        matrix_exponential_op.cc	MatrixExponential
        matrix_inverse_op.cc	BatchMatrixInverse MatrixInverse
        matrix_logarithm_op.cc	MatrixLogarithm
        matrix_set_diag_op.cc*	BatchMatrixSetDiag MatrixSetDiag MatrixSetDiagV2
        matrix_solve_ls_op_complex128.cc	MatrixSolveLs
        matrix_solve_ls_op_complex64.cc	MatrixSolveLs
        matrix_solve_ls_op_double.cc	BatchMatrixSolveLs MatrixSolveLs
        matrix_solve_ls_op_float.cc	BatchMatrixSolveLs MatrixSolveLs
        matrix_solve_op.cc	BatchMatrixSolve MatrixSolve
        matrix_square_root_op.cc	MatrixSquareRoot
        matrix_triangular_solve_op.cc	BatchMatrixTriangularSolve MatrixTriangularSolve
        maxpooling_op.cc*	MaxPool MaxPoolGrad MaxPoolGradGrad MaxPoolGradGradV2 MaxPoolGradGradWithArgmax MaxPoolGradV2 MaxPoolGradWithArgmax MaxPoolV2 MaxPoolWithArgmax
        mfcc_op.cc*	Mfcc
        mirror_pad_op.cc*	MirrorPad MirrorPadGrad
        multinomial_op.cc*	Multinomial StatelessMultinomial
        mutex_ops.cc	ConsumeMutexLock MutexLock MutexV2
        nccl_ops.cc	NcclAllReduce NcclBroadcast NcclReduce
        nextafter_op.cc	NextAfter
        no_op.cc*	NoOp
        non_max_suppression_op.cc*	CombinedNonMaxSuppression NonMaxSuppression NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5 NonMaxSuppressionWithOverlaps
        nth_element_op.cc	NthElement
        one_hot_op.cc*	OneHot
        pack_op.cc*	Pack
        pad_op.cc*	Pad PadV2
        padding_fifo_queue_op.cc*	PaddingFIFOQueue PaddingFIFOQueueV2
        parameterized_truncated_normal_op.cc	ParameterizedTruncatedNormal
        parse_tensor_op.cc	ParseTensor SerializeTensor
        partitioned_function_ops.cc	PartitionedCall StatefulPartitionedCall
        pooling_ops_3d.cc*	AvgPool3D AvgPool3DGrad MaxPool3D MaxPool3DGrad MaxPool3DGradGrad
        population_count_op.cc*	PopulationCount
        priority_queue_op.cc	PriorityQueue PriorityQueueV2
        qr_op_complex128.cc	Qr
        qr_op_complex64.cc	Qr
        qr_op_double.cc	Qr
        qr_op_float.cc	Qr
        quantize_and_dequantize_op.cc	QuantizeAndDequantize QuantizeAndDequantizeV2 QuantizeAndDequantizeV3
        quantize_down_and_shrink_range.cc	QuantizeDownAndShrinkRange
        quantize_op.cc	QuantizeV2
        quantized_activation_ops.cc	QuantizedRelu QuantizedRelu6
        quantized_add_op.cc	QuantizedAdd
        quantized_batch_norm_op.cc	QuantizedBatchNormWithGlobalNormalization
        quantized_bias_add_op.cc	QuantizedBiasAdd
        quantized_concat_op.cc	QuantizedConcat
        quantized_conv_ops.cc	QuantizedConv2D
        quantized_instance_norm.cc	QuantizedInstanceNorm
        quantized_matmul_op.cc	QuantizedMatMul
        quantized_mul_op.cc	QuantizedMul
        quantized_pooling_ops.cc	QuantizedAvgPool QuantizedMaxPool
        quantized_reshape_op.cc	QuantizedReshape
        quantized_resize_bilinear_op.cc	QuantizedResizeBilinear
        queue_ops.cc*	FakeQueue QueueClose QueueCloseV2 QueueDequeue QueueDequeueMany QueueDequeueManyV2 QueueDequeueUpTo QueueDequeueUpToV2 QueueDequeueV2 QueueEnqueue QueueEnqueueMany QueueEnqueueManyV2 QueueEnqueueV2 QueueIsClosed QueueIsClosedV2 QueueSize QueueSizeV2
        ragged_gather_op.cc	RaggedGather
        ragged_range_op.cc	RaggedRange
        ragged_tensor_from_variant_op.cc	RaggedTensorFromVariant
        ragged_tensor_to_sparse_kernel.cc	RaggedTensorToSparse
        ragged_tensor_to_variant_op.cc	RaggedTensorToVariant
        random_binomial_op.cc	StatefulRandomBinomial
        random_crop_op.cc	RandomCrop
        random_op.cc*	RandomGamma RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal
        random_poisson_op.cc	RandomPoisson RandomPoissonV2
        random_shuffle_op.cc	RandomShuffle
        random_shuffle_queue_op.cc	RandomShuffleQueue RandomShuffleQueueV2
        reader_ops.cc	ReaderNumRecordsProduced ReaderNumRecordsProducedV2 ReaderNumWorkUnitsCompleted ReaderNumWorkUnitsCompletedV2 ReaderRead ReaderReadUpTo ReaderReadUpToV2 ReaderReadV2 ReaderReset ReaderResetV2 ReaderRestoreState ReaderRestoreStateV2 ReaderSerializeState ReaderSerializeStateV2
        record_input_op.cc	RecordInput
        reduce_join_op.cc	ReduceJoin
        reduction_ops_all.cc*	All
        reduction_ops_any.cc*	Any
        reduction_ops_euclidean.cc	EuclideanNorm
        reduction_ops_max.cc*	Max
        reduction_ops_mean.cc*	Mean
        reduction_ops_min.cc*	Min
        reduction_ops_prod.cc*	Prod
        reduction_ops_sum.cc*	Sum
        regex_full_match_op.cc	RegexFullMatch StaticRegexFullMatch
        regex_replace_op.cc	RegexReplace StaticRegexReplace
        relu_op.cc*	Elu EluGrad LeakyRelu LeakyReluGrad Relu Relu6 Relu6Grad ReluGrad Selu SeluGrad
        requantization_range_op.cc	RequantizationRange
        requantize.cc	Requantize
        reshape_op.cc*	Reshape
        resize_area_op.cc	ResizeArea
        resize_bicubic_op.cc	ResizeBicubic ResizeBicubicGrad
        resize_bilinear_op.cc*	ResizeBilinear ResizeBilinearGrad
        resize_nearest_neighbor_op.cc*	ResizeNearestNeighbor ResizeNearestNeighborGrad
        resource_variable_ops.cc	AssignAddVariableOp AssignSubVariableOp AssignVariableOp DestroyResourceOp ReadVariableOp ResourceGather ResourceGatherNd ResourceScatterAdd ResourceScatterDiv ResourceScatterMax ResourceScatterMin ResourceScatterMul ResourceScatterSub ResourceScatterUpdate VarHandleOp VarIsInitializedOp VariableShape
        restore_op.cc*	Restore RestoreSlice
        reverse_op.cc*	Reverse ReverseV2
        reverse_sequence_op.cc*	ReverseSequence
        rnn/gru_ops.cc	GRUBlockCell GRUBlockCellGrad
        rnn/lstm_ops.cc	BlockLSTM BlockLSTMGrad LSTMBlockCell LSTMBlockCellGrad
        roll_op.cc	Roll
        sample_distorted_bounding_box_op.cc	SampleDistortedBoundingBox SampleDistortedBoundingBoxV2
        save_op.cc*	Save SaveSlices ShardedFilename ShardedFilespec
        save_restore_v2_ops.cc*	MergeV2Checkpoints RestoreV2 SaveV2
        scale_and_translate_op.cc	ScaleAndTranslate ScaleAndTranslateGrad
        scan_ops.cc	Cumprod Cumsum CumulativeLogsumexp
        scatter_nd_op.cc*	ResourceScatterNdAdd ResourceScatterNdSub ResourceScatterNdUpdate ScatterNd ScatterNdAdd ScatterNdNonAliasingAdd ScatterNdSub ScatterNdUpdate TensorScatterAdd TensorScatterSub TensorScatterUpdate
        scatter_op.cc	ScatterAdd ScatterDiv ScatterMax ScatterMin ScatterMul ScatterSub ScatterUpdate
        sdca_ops.cc	SdcaFprint SdcaOptimizer SdcaOptimizerV2 SdcaShrinkL1
        searchsorted_op.cc	LowerBound UpperBound
        segment_reduction_ops_impl_1.cc*	SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum
        segment_reduction_ops_impl_2.cc*	SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum
        segment_reduction_ops_impl_3.cc*	UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
        segment_reduction_ops_impl_4.cc*	UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
        segment_reduction_ops_impl_5.cc*	SparseSegmentMean SparseSegmentMeanGrad SparseSegmentMeanWithNumSegments SparseSegmentSqrtN SparseSegmentSqrtNGrad SparseSegmentSqrtNWithNumSegments SparseSegmentSum SparseSegmentSumWithNumSegments
        self_adjoint_eig_op.cc	BatchSelfAdjointEig SelfAdjointEig
        self_adjoint_eig_v2_op_complex128.cc	BatchSelfAdjointEigV2 SelfAdjointEigV2
        self_adjoint_eig_v2_op_complex64.cc	BatchSelfAdjointEigV2 SelfAdjointEigV2
        self_adjoint_eig_v2_op_double.cc	BatchSelfAdjointEigV2 SelfAdjointEigV2
        self_adjoint_eig_v2_op_float.cc	BatchSelfAdjointEigV2 SelfAdjointEigV2
        sendrecv_ops.cc*	_HostRecv _HostSend _Recv _Send
        sequence_ops.cc*	LinSpace Range
        serialize_sparse_op.cc	SerializeManySparse SerializeSparse
        session_ops.cc*	DeleteSessionTensor GetSessionHandle GetSessionHandleV2 GetSessionTensor
        set_kernels.cc	DenseToDenseSetOperation DenseToSparseSetOperation SetSize SparseToSparseSetOperation
        shape_ops.cc*	EnsureShape ExpandDims Rank Shape ShapeN Size Squeeze
        slice_op.cc*	Slice
        snapshot_op.cc	Snapshot
        softmax_op.cc*	LogSoftmax Softmax
        softplus_op.cc*	Softplus SoftplusGrad
        softsign_op.cc*	Softsign SoftsignGrad
        spacetobatch_op.cc*	SpaceToBatch SpaceToBatchND
        spacetodepth_op.cc*	SpaceToDepth
        sparse_add_grad_op.cc	SparseAddGrad
        sparse_add_op.cc	SparseAdd
        sparse_concat_op.cc	SparseConcat
        sparse_conditional_accumulator_op.cc	SparseAccumulatorApplyGradient SparseAccumulatorTakeGradient SparseConditionalAccumulator
        sparse_cross_op.cc	SparseCross
        sparse_dense_binary_op_shared.cc	SparseDenseCwiseAdd SparseDenseCwiseDiv SparseDenseCwiseMul
        sparse_fill_empty_rows_op.cc*	SparseFillEmptyRows SparseFillEmptyRowsGrad
        sparse_matmul_op.cc	SparseMatMul
        sparse_reduce_op.cc	SparseReduceMax SparseReduceMaxSparse SparseReduceSum SparseReduceSumSparse
        sparse_reorder_op.cc	SparseReorder
        sparse_reshape_op.cc*	SparseReshape
        sparse_slice_grad_op.cc	SparseSliceGrad
        sparse_slice_op.cc	SparseSlice
        sparse_softmax_op.cc	SparseSoftmax
        sparse_sparse_binary_op_shared.cc	SparseSparseMaximum SparseSparseMinimum
        sparse_split_op.cc	SparseSplit
        sparse_tensor_dense_add_op.cc	SparseTensorDenseAdd
        sparse_tensor_dense_matmul_op.cc	SparseTensorDenseMatMul
        sparse_tensors_map_ops.cc	AddManySparseToTensorsMap AddSparseToTensorsMap TakeManySparseFromTensorsMap
        sparse_to_dense_op.cc*	SparseToDense
        sparse_xent_op.cc	SparseSoftmaxCrossEntropyWithLogits
        spectrogram_op.cc*	AudioSpectrogram
        split_op.cc*	Split
        split_v_op.cc*	SplitV
        stack_ops.cc*	Stack StackClose StackCloseV2 StackPop StackPopV2 StackPush StackPushV2 StackV2
        stage_op.cc	Stage StageClear StagePeek StageSize Unstage
        stateful_random_ops.cc	NonDeterministicInts RngSkip StatefulStandardNormal StatefulStandardNormalV2 StatefulTruncatedNormal StatefulUniform StatefulUniformFullInt StatefulUniformInt
        stateless_random_ops.cc*	StatelessRandomNormal StatelessRandomUniform StatelessRandomUniformInt StatelessTruncatedNormal
        strided_slice_op.cc*	ResourceStridedSliceAssign StridedSlice StridedSliceAssign StridedSliceGrad TensorStridedSliceUpdate
        string_format_op.cc	StringFormat
        string_join_op.cc*	StringJoin
        string_length_op.cc	StringLength
        string_lower_op.cc	StringLower
        string_ngrams_op.cc	StringNGrams
        string_split_op.cc	StringSplit StringSplitV2
        string_strip_op.cc	StringStrip
        string_to_hash_bucket_op.cc	StringToHashBucket StringToHashBucketFast StringToHashBucketStrong
        string_to_number_op.cc	StringToNumber
        string_upper_op.cc	StringUpper
        substr_op.cc	Substr
        summary_audio_op.cc	AudioSummary AudioSummaryV2
        summary_image_op.cc	ImageSummary
        summary_kernels.cc	CloseSummaryWriter CreateSummaryDbWriter CreateSummaryFileWriter FlushSummaryWriter ImportEvent SummaryWriter WriteAudioSummary WriteGraphSummary WriteHistogramSummary WriteImageSummary WriteRawProtoSummary WriteScalarSummary WriteSummary
        summary_op.cc*	HistogramSummary MergeSummary ScalarSummary
        summary_tensor_op.cc	TensorSummary TensorSummaryV2
        svd_op_complex128.cc	BatchSvd Svd
        svd_op_complex64.cc	BatchSvd Svd
        svd_op_double.cc	BatchSvd Svd
        svd_op_float.cc	BatchSvd Svd
        tensor_array_ops.cc*	TensorArray TensorArrayClose TensorArrayCloseV2 TensorArrayCloseV3 TensorArrayConcat TensorArrayConcatV2 TensorArrayConcatV3 TensorArrayGather TensorArrayGatherV2 TensorArrayGatherV3 TensorArrayGrad TensorArrayGradV2 TensorArrayGradV3 TensorArrayGradWithShape TensorArrayPack TensorArrayRead TensorArrayReadV2 TensorArrayReadV3 TensorArrayScatter TensorArrayScatterV2 TensorArrayScatterV3 TensorArraySize TensorArraySizeV2 TensorArraySizeV3 TensorArraySplit TensorArraySplitV2 TensorArraySplitV3 TensorArrayUnpack TensorArrayV2 TensorArrayV3 TensorArrayWrite TensorArrayWriteV2 TensorArrayWriteV3
        text_line_reader_op.cc	TextLineReader TextLineReaderV2
        tf_record_reader_op.cc	TFRecordReader TFRecordReaderV2
        tile_ops.cc*	Tile TileGrad
        topk_op.cc*	TopK TopKV2
        training_ops.cc*	ApplyAdaMax ApplyAdadelta ApplyAdagrad ApplyAdagradDA ApplyAdagradV2 ApplyAdam ApplyAddSign ApplyCenteredRMSProp ApplyFtrl ApplyFtrlV2 ApplyGradientDescent ApplyMomentum ApplyPowerSign ApplyProximalAdagrad ApplyProximalGradientDescent ApplyRMSProp ResourceApplyAdaMax ResourceApplyAdadelta ResourceApplyAdagrad ResourceApplyAdagradDA ResourceApplyAdagradV2 ResourceApplyAdam ResourceApplyAdamWithAmsgrad ResourceApplyAddSign ResourceApplyCenteredRMSProp ResourceApplyFtrl ResourceApplyFtrlV2 ResourceApplyGradientDescent ResourceApplyKerasMomentum ResourceApplyMomentum ResourceApplyPowerSign ResourceApplyProximalAdagrad ResourceApplyProximalGradientDescent ResourceApplyRMSProp ResourceSparseApplyAdadelta ResourceSparseApplyAdagrad ResourceSparseApplyAdagradDA ResourceSparseApplyAdagradV2 ResourceSparseApplyCenteredRMSProp ResourceSparseApplyFtrl ResourceSparseApplyFtrlV2 ResourceSparseApplyKerasMomentum ResourceSparseApplyMomentum ResourceSparseApplyProximalAdagrad ResourceSparseApplyProximalGradientDescent ResourceSparseApplyRMSProp SparseApplyAdadelta SparseApplyAdagrad SparseApplyAdagradDA SparseApplyAdagradV2 SparseApplyCenteredRMSProp SparseApplyFtrl SparseApplyFtrlV2 SparseApplyMomentum SparseApplyProximalAdagrad SparseApplyProximalGradientDescent SparseApplyRMSProp
        transpose_op.cc*	ConjugateTranspose InvertPermutation Transpose
        tridiagonal_matmul_op.cc	TridiagonalMatMul
        tridiagonal_solve_op.cc	TridiagonalSolve
        unicode_ops.cc	UnicodeDecode UnicodeDecodeWithOffsets UnicodeEncode UnicodeTranscode
        unicode_script_op.cc	UnicodeScript
        unique_op.cc*	Unique UniqueV2 UniqueWithCounts UniqueWithCountsV2
        unpack_op.cc*	Unpack
        unravel_index_op.cc	UnravelIndex
        unsorted_segment_join_op.cc	UnsortedSegmentJoin
        variable_ops.cc*	DestroyTemporaryVariable IsVariableInitialized TemporaryVariable Variable VariableV2
        where_op.cc*	Where
        whole_file_read_ops.cc	ReadFile WholeFileReader WholeFileReaderV2 WriteFile
        word2vec_kernels.cc	NegTrain Skipgram
        xent_op.cc*	SoftmaxCrossEntropyWithLogits
        """u8;
}
