namespace Decant.Registration;

/// <content>
/// The rows. A line has the op, the types of attributes for which it holds (<c>T=ints</c>), the class, and earlier classes as
/// <c>1.5=Class</c>: the class before TensorFlow 1.5. <c>{T}</c> is the type as C++ spells it where the kernel is registered by
/// hand, <c>{T:q}</c> as TF_CALL macros spell it. Text of the code and no resource, as a trimmed app carries every resource.
/// </content>
internal static partial class KernelClasses
{
    private static ReadOnlySpan<byte> Table =>
        """
        Abort		AbortOp
        Abs		UnaryOp<CPUDevice, functor::abs<{T}>>
        AccumulatorApplyGradient		AccumulatorApplyGradientOp
        AccumulatorNumAccumulated		AccumulatorNumAccumulatedOp
        AccumulatorSetGlobalStep		AccumulatorSetGlobalStepOp
        AccumulatorTakeGradient		AccumulatorTakeGradientOp
        Acos		UnaryOp<CPUDevice, functor::acos<{T}>>
        Add		BinaryOp<CPUDevice, functor::add<{T}>>
        AddN		AddNOp<CPUDevice, {T:q}>
        AddSparseToTensorsMap		AddSparseToTensorsMapOp
        AddV2		BinaryOp<CPUDevice, functor::add<{T}>>
        AdjustContrastv2	T=float	AdjustContrastOpv2<CPUDevice, float>
        AdjustHue	T=float	AdjustHueOp<CPUDevice, float>
        AdjustSaturation	T=float	AdjustSaturationOp<CPUDevice, float>
        All		ReductionOp<CPUDevice, bool, {Tidx}, Eigen::internal::AndReducer>	1.5=ReductionOp<CPUDevice, bool, Eigen::internal::AndReducer>
        AllCandidateSampler		AllCandidateSamplerOp
        AnonymousIterator		AnonymousIteratorHandleOp
        AnonymousIteratorV2		AnonymousIteratorHandleOp
        AnonymousMemoryCache		AnonymousMemoryCacheHandleOp
        AnonymousRandomSeedGenerator		AnonymousRandomSeedGeneratorHandleOp
        Any		ReductionOp<CPUDevice, bool, {Tidx}, Eigen::internal::OrReducer>	1.5=ReductionOp<CPUDevice, bool, Eigen::internal::OrReducer>
        ApplyGradientDescent		ApplyGradientDescentOp<CPUDevice, {T:q}>
        ApproximateEqual	T=double	ApproximateEqualOp<CPUDevice, double>
        ApproximateEqual	T=float	ApproximateEqualOp<CPUDevice, float>
        ArgMax		ArgMaxOp<CPUDevice, {T:q}, {output_type}>	1.4=ArgMaxOp<CPUDevice, {T:q}>
        ArgMin		ArgMinOp<CPUDevice, {T:q}, {output_type}>	1.4=ArgMinOp<CPUDevice, {T:q}>
        AsString		AsStringOp
        Asin		UnaryOp<CPUDevice, functor::asin<{T}>>
        Assert		AssertOp
        AssertNextDataset		AssertNextDatasetOp
        Assign		AssignOpT<CPUDevice, {T:q}>
        AssignAdd		DenseUpdateOp<CPUDevice, {T:q}, DenseUpdateType::ADD>
        AssignSub		DenseUpdateOp<CPUDevice, {T:q}, DenseUpdateType::SUB>
        Atan		UnaryOp<CPUDevice, functor::atan<{T}>>
        AudioSpectrogram		AudioSpectrogramOp
        AudioSummary		SummaryAudioOp
        AudioSummaryV2		SummaryAudioOp
        AutoShardDataset		AutoShardDatasetOp
        AvgPool		AvgPoolingOp<CPUDevice, {T:q}>
        Barrier		BarrierOp
        BarrierClose		BarrierCloseOp
        BarrierIncompleteSize		BarrierIncompleteSizeOp
        BarrierReadySize		BarrierReadySizeOp
        BarrierTakeMany		TakeManyOp
        Batch		BatchKernel
        BatchDataset		BatchDatasetOp
        BatchDatasetV2		BatchDatasetOp
        BatchFunction		BatchFunctionKernel
        BatchMatMul		BatchMatMul<CPUDevice, {T:q}>
        BatchToSpaceND		BatchToSpaceNDOp<CPUDevice, {T:q}>
        BiasAdd		BiasOp<CPUDevice, {T:q}>
        BiasAddV1		BiasOp<CPUDevice, {T:q}>
        BoostedTreesAggregateStats		BoostedTreesAggregateStatsOp
        BoostedTreesBucketize		BoostedTreesBucketizeOp
        BoostedTreesCalculateBestFeatureSplit		BoostedTreesCalculateBestFeatureSplitOp
        BoostedTreesCalculateBestGainsPerFeature		BoostedTreesCalculateBestGainsPerFeatureOp
        BoostedTreesCenterBias		BoostedTreesCenterBiasOp
        BoostedTreesCreateEnsemble		BoostedTreesCreateEnsembleOp
        BoostedTreesCreateQuantileStreamResource		BoostedTreesCreateQuantileStreamResourceOp
        BoostedTreesDeserializeEnsemble		BoostedTreesDeserializeEnsembleOp
        BoostedTreesExampleDebugOutputs		BoostedTreesExampleDebugOutputsOp
        BoostedTreesFlushQuantileSummaries		BoostedTreesFlushQuantileSummariesOp
        BoostedTreesGetEnsembleStates		BoostedTreesGetEnsembleStatesOp
        BoostedTreesMakeQuantileSummaries		BoostedTreesMakeQuantileSummariesOp
        BoostedTreesMakeStatsSummary		BoostedTreesMakeStatsSummaryOp
        BoostedTreesPredict		BoostedTreesPredictOp
        BoostedTreesQuantileStreamResourceAddSummaries		BoostedTreesQuantileStreamResourceAddSummariesOp
        BoostedTreesQuantileStreamResourceDeserialize		BoostedTreesQuantileStreamResourceDeserializeOp
        BoostedTreesQuantileStreamResourceFlush		BoostedTreesQuantileStreamResourceFlushOp
        BoostedTreesQuantileStreamResourceGetBucketBoundaries		BoostedTreesQuantileStreamResourceGetBucketBoundariesOp
        BoostedTreesSerializeEnsemble		BoostedTreesSerializeEnsembleOp
        BoostedTreesSparseAggregateStats		BoostedTreesSparseAggregateStatsOp
        BoostedTreesSparseCalculateBestFeatureSplit		BoostedTreesSparseCalculateBestFeatureSplitOp
        BoostedTreesTrainingPredict		BoostedTreesTrainingPredictOp
        BoostedTreesUpdateEnsemble		BoostedTreesUpdateEnsembleOp
        BroadcastArgs	T=int32	BCastArgsOp<int32>
        BroadcastArgs	T=int64	BCastArgsOp<int64>
        BroadcastGradientArgs		BCastGradArgsOp<{T}>
        BytesProducedStatsDataset		BytesProducedStatsDatasetOp
        CSVDataset		CSVDatasetOp
        CTCBeamSearchDecoder		CTCBeamSearchDecoderOp
        CTCGreedyDecoder		CTCGreedyDecoderOp
        CTCLoss		CTCLossOp
        CacheDataset		CacheDatasetOp
        CacheDatasetV2		CacheDatasetOp
        Case		CaseOp
        Cast		CpuCastOp
        Ceil		UnaryOp<CPUDevice, functor::ceil<{T}>>
        ChooseFastestBranchDataset		ChooseFastestBranchDatasetOp
        ChooseFastestDataset		ChooseFastestDatasetOp
        CloseSummaryWriter		CloseSummaryWriterOp
        CollectiveBcastRecv		CollectiveBcastRecvOpKernel
        CollectiveBcastSend		CollectiveBcastSendOpKernel
        CollectiveGather		CollectiveGatherOpKernel
        CollectiveReduce		CollectiveReduceOpKernel
        CombinedNonMaxSuppression		CombinedNonMaxSuppressionOp<CPUDevice>
        ComputeAccidentalHits		ComputeAccidentalHitsOp
        Concat		ConcatOp<CPUDevice, {T:q}>
        ConcatOffset		ConcatOffsetOp
        ConcatV2		ConcatV2Op<CPUDevice, {T:q}>
        ConcatenateDataset		ConcatenateDatasetOp
        Const		ConstantOp
        ConsumeMutexLock		ConsumeMutexLockOp
        Conv2D		Conv2DOp<CPUDevice, {T:q}>
        Conv2DBackpropInput		Conv2DCustomBackpropInputOp<CPUDevice, {T:q}>
        Copy		CopyOp
        CopyHost		CopyOp
        Cos		UnaryOp<CPUDevice, functor::cos<{T}>>
        CreateSummaryDbWriter		CreateSummaryDbWriterOp
        CreateSummaryFileWriter		CreateSummaryFileWriterOp
        CropAndResize		CropAndResizeOp<CPUDevice, {T:q}>
        DatasetCardinality		DatasetCardinalityOp
        DatasetFromGraph		DatasetFromGraphOp
        DatasetToGraph		DatasetToGraphOp
        DatasetToSingleElement		ToSingleElementOp
        DatasetToTFRecord		ToTFRecordOp
        DebugGradientIdentity		IdentityOp
        DebugGradientRefIdentity		IdentityOp
        DebugIdentity		DebugIdentityOp
        DecodeAndCropJpeg		DecodeImageOp
        DecodeBase64		DecodeBase64Op
        DecodeBmp		DecodeBmpOp
        DecodeCSV		DecodeCSVOp
        DecodeCompressed		DecodeCompressedOp
        DecodeGif		DecodeImageOp
        DecodeJSONExample		DecodeJSONExampleOp
        DecodeJpeg		DecodeImageOp
        DecodePng		DecodeImageOp
        DecodeProtoV2		DecodeProtoOp
        DecodeWav		DecodeWavOp
        DeepCopy		CopyOp<CPUDevice>
        DeleteIterator		DeleteIteratorOp
        DeleteMemoryCache		DeleteMemoryCacheOp
        DeleteMultiDeviceIterator		DeleteMultiDeviceIteratorOp
        DeleteRandomSeedGenerator		DeleteRandomSeedGeneratorOp
        DeleteSessionTensor		DeleteSessionTensorOp
        DenseToSparseBatchDataset		DenseToSparseBatchDatasetOp
        DepthwiseConv2dNative		DepthwiseConv2dNativeOp<CPUDevice, {T}>
        Dequantize		DequantizeOp<CPUDevice, {T}>
        DeserializeIterator		DeserializeIteratorOp
        DeserializeManySparse		DeserializeSparseOp
        DeserializeSparse		DeserializeSparseOp
        DestroyResourceOp		DestroyResourceOp
        DestroyTemporaryVariable		DestroyTemporaryVariableOp
        DirectedInterleaveDataset		DirectedInterleaveDatasetOp
        Div	T=floats	BinaryOp<CPUDevice, functor::div<{T}>>
        Div	T=ints	BinaryOp<CPUDevice, functor::safe_div<{T}>>
        Elu		EluOp<CPUDevice, {T:q}>
        EmptyTensorList		EmptyTensorList
        EncodeBase64		EncodeBase64Op
        EncodeJpeg		EncodeJpegOp
        EncodeJpegVariableQuality		EncodeJpegVariableQualityOp
        EncodePng		EncodePngOp
        EncodeProto		EncodeProtoOp
        EncodeWav		EncodeWavOp
        EnsureShape		EnsureShapeOp
        Enter		EnterOp
        Equal		BinaryOp<CPUDevice, functor::equal_to<{T}>>
        Erf		UnaryOp<CPUDevice, functor::erf<{T}>>
        Erfc		UnaryOp<CPUDevice, functor::erfc<{T}>>
        Exit		ExitOp
        Exp		UnaryOp<CPUDevice, functor::exp<{T}>>
        ExpandDims		ExpandDimsOp<{Tdim}>	1.5=ExpandDimsOp
        ExperimentalAssertNextDataset		AssertNextDatasetOp
        ExperimentalAutoShardDataset		AutoShardDatasetOp
        ExperimentalBytesProducedStatsDataset		BytesProducedStatsDatasetOp
        ExperimentalCSVDataset		CSVDatasetOp
        ExperimentalChooseFastestDataset		ChooseFastestDatasetOp
        ExperimentalDatasetCardinality		DatasetCardinalityOp
        ExperimentalDatasetToTFRecord		ToTFRecordOp
        ExperimentalDenseToSparseBatchDataset		DenseToSparseBatchDatasetOp
        ExperimentalDirectedInterleaveDataset		DirectedInterleaveDatasetOp
        ExperimentalGroupByReducerDataset		GroupByReducerDatasetOp
        ExperimentalGroupByWindowDataset		GroupByWindowDatasetOp
        ExperimentalIgnoreErrorsDataset		IgnoreErrorsDatasetOp
        ExperimentalIteratorGetDevice		IteratorGetDeviceOp
        ExperimentalLMDBDataset		LMDBDatasetOp
        ExperimentalLatencyStatsDataset		LatencyStatsDatasetOp
        ExperimentalMapAndBatchDataset		MapAndBatchDatasetOp
        ExperimentalMatchingFilesDataset		MatchingFilesDatasetOp
        ExperimentalMaxIntraOpParallelismDataset		MaxIntraOpParallelismDatasetOp
        ExperimentalNonSerializableDataset		NonSerializableDatasetOp
        ExperimentalParallelInterleaveDataset		ParallelInterleaveDatasetOp
        ExperimentalParseExampleDataset		ParseExampleDatasetOp
        ExperimentalPrivateThreadPoolDataset		PrivateThreadPoolDatasetOp
        ExperimentalRandomDataset		RandomDatasetOp
        ExperimentalRebatchDataset		RebatchDatasetOp
        ExperimentalScanDataset		ScanDatasetOp
        ExperimentalSetStatsAggregatorDataset		SetStatsAggregatorDatasetOp
        ExperimentalSleepDataset		SleepDatasetOp
        ExperimentalSlidingWindowDataset		SlidingWindowDatasetOp
        ExperimentalSqlDataset		SqlDatasetOp
        ExperimentalStatsAggregatorHandle		StatsAggregatorHandleOp
        ExperimentalStatsAggregatorSummary		StatsAggregatorSummaryOp
        ExperimentalTakeWhileDataset		TakeWhileDatasetOp
        ExperimentalThreadPoolDataset		ThreadPoolDatasetOp
        ExperimentalThreadPoolHandle		ThreadPoolHandleOp
        ExperimentalUnbatchDataset		UnbatchDatasetOp
        ExperimentalUniqueDataset		UniqueDatasetOp
        Expm1		UnaryOp<CPUDevice, functor::expm1<{T}>>
        ExtractGlimpse		ExtractGlimpseOp
        FFT		FFTCPU<true, false, 1>
        FFT2D		FFTCPU<true, false, 2>
        FFT3D		FFTCPU<true, false, 3>
        FIFOQueue		FIFOQueueOp
        FIFOQueueV2		FIFOQueueOp
        Fact		FactOpKernel2
        FakeParam		FakeParamOp
        FakeQuantWithMinMaxArgs		FakeQuantWithMinMaxArgsOp<CPUDevice>
        FakeQuantWithMinMaxArgsGradient		FakeQuantWithMinMaxArgsGradientOp<CPUDevice>
        FakeQuantWithMinMaxVars		FakeQuantWithMinMaxVarsOp<CPUDevice>
        FakeQuantWithMinMaxVarsGradient		FakeQuantWithMinMaxVarsGradientOp<CPUDevice>
        FakeQuantWithMinMaxVarsPerChannel		FakeQuantWithMinMaxVarsPerChannelOp<CPUDevice>
        FakeQuantWithMinMaxVarsPerChannelGradient		FakeQuantWithMinMaxVarsPerChannelGradientOp<CPUDevice>
        FakeQueue		FakeQueueOp
        Fill		FillOp<CPUDevice, {T:q}, {index_type}>	1.5=FillOp<CPUDevice, {T:q}>
        FilterDataset		FilterDatasetOp
        FixedLengthRecordDataset		FixedLengthRecordDatasetOp
        FixedLengthRecordDatasetV2		FixedLengthRecordDatasetOp
        FixedLengthRecordReader		FixedLengthRecordReaderOp
        FixedLengthRecordReaderV2		FixedLengthRecordReaderOp
        FixedUnigramCandidateSampler		FixedUnigramCandidateSamplerOp
        FlatMapDataset		FlatMapDatasetOp
        Floor		UnaryOp<CPUDevice, functor::floor<{T}>>
        FloorDiv	T=floats	BinaryOp<CPUDevice, functor::floor_div_real<{T}>>
        FloorDiv	T=ints	BinaryOp<CPUDevice, functor::safe_floor_div<{T}>>
        FloorMod	T=floats	BinaryOp<CPUDevice, functor::floor_fmod<{T}>>
        FloorMod	T=ints	BinaryOp<CPUDevice, functor::safe_floor_mod<{T}>>
        FlushSummaryWriter		FlushSummaryWriterOp
        For		ForOp
        FusedBatchNorm		FusedBatchNormOp<CPUDevice, float, float>
        FusedBatchNormGrad	T=float	FusedBatchNormGradOp<CPUDevice, float, float>
        FusedBatchNormGradV2	T=float,U=float	FusedBatchNormGradOp<CPUDevice, float, float>
        FusedBatchNormGradV2	T=half,U=float	FusedBatchNormGradOp<CPUDevice, Eigen::half, float>
        FusedBatchNormGradV3	T=float,U=float	FusedBatchNormGradOpV3<CPUDevice, float, float>
        FusedBatchNormGradV3	T=half,U=float	FusedBatchNormGradOpV3<CPUDevice, Eigen::half, float>
        FusedBatchNormV2		FusedBatchNormOp<CPUDevice, float, float>
        FusedBatchNormV3		FusedBatchNormOpV3<CPUDevice, float, float>
        Gather		GatherOp<CPUDevice, {Tparams:q}, {Tindices}>
        GatherV2		GatherOp<CPUDevice, {Tparams:q}, {Tindices}>
        GenerateVocabRemapping		GenerateVocabRemappingOp
        GeneratorDataset		GeneratorDatasetOp
        GetSessionHandle		GetSessionHandleOp
        GetSessionHandleV2		GetSessionHandleOp
        GetSessionTensor		GetSessionTensorOp
        Greater		BinaryOp<CPUDevice, functor::greater<{T}>>
        GreaterEqual		BinaryOp<CPUDevice, functor::greater_equal<{T}>>
        GroupByReducerDataset		GroupByReducerDatasetOp
        GroupByWindowDataset		GroupByWindowDatasetOp
        GuaranteeConst		GuaranteeConstOp
        HostConst		_HostConstantOp
        IFFT		FFTCPU<false, false, 1>
        IFFT2D		FFTCPU<false, false, 2>
        IFFT3D		FFTCPU<false, false, 3>
        IRFFT		FFTCPU<false, true, 1>
        IRFFT2D		FFTCPU<false, true, 2>
        IRFFT3D		FFTCPU<false, true, 3>
        Identity		IdentityOp
        IdentityReader		IdentityReaderOp
        IdentityReaderV2		IdentityReaderOp
        If		IfOp
        IgnoreErrorsDataset		IgnoreErrorsDatasetOp
        ImageProjectiveTransform		ImageProjectiveTransform<CPUDevice, {dtype:q}>
        ImageSummary		SummaryImageOp
        ImmutableConst		ImmutableConstantOp
        ImportEvent		ImportEventOp
        InTopK	T=int32	InTopK<CPUDevice, float, int32>
        InTopK	T=int64	InTopK<CPUDevice, float, int64>
        InTopKV2	T=int32	InTopK<CPUDevice, float, int32>
        InTopKV2	T=int64	InTopK<CPUDevice, float, int64>
        InitializeTable		InitializeTableOp
        InitializeTableFromTextFile		InitializeTableFromTextFileOp
        InitializeTableFromTextFileV2		InitializeTableFromTextFileOp
        InitializeTableV2		InitializeTableOp
        InplaceAdd		InplaceOp<CPUDevice, functor::I_ADD>
        InplaceSub		InplaceOp<CPUDevice, functor::I_SUB>
        InplaceUpdate		InplaceOp<CPUDevice, functor::I_UPDATE>
        InterleaveDataset		InterleaveDatasetOp
        Inv		UnaryOp<CPUDevice, functor::inverse<{T}>>
        InvertPermutation	T=int32	InvertPermutationOp<int32>
        InvertPermutation	T=int64	InvertPermutationOp<int64>
        IsBoostedTreesEnsembleInitialized		IsResourceInitialized<BoostedTreesEnsembleResource>
        IsBoostedTreesQuantileStreamResourceInitialized		IsResourceInitialized<BoostedTreesQuantileStreamResource>
        IsFinite		UnaryOp<CPUDevice, functor::isfinite<{T}>>
        IsInf		UnaryOp<CPUDevice, functor::isinf<{T}>>
        IsNan		UnaryOp<CPUDevice, functor::isnan<{T}>>
        IsVariableInitialized		IsVariableInitializedOp
        Iterator		IteratorHandleOp
        IteratorFromStringHandle		IteratorFromStringHandleOp
        IteratorFromStringHandleV2		IteratorFromStringHandleOp
        IteratorGetDevice		IteratorGetDeviceOp
        IteratorGetNext		IteratorGetNextOp
        IteratorGetNextAsOptional		IteratorGetNextAsOptionalOp
        IteratorGetNextSync		IteratorGetNextSyncOp
        IteratorToStringHandle		IteratorToStringHandleOp
        IteratorV2		IteratorHandleOp
        KMC2ChainInitialization		KMC2ChainInitializationOp
        KmeansPlusPlusInitialization		KmeansPlusPlusInitializationOp
        L2Loss		L2LossOp<CPUDevice, {T:q}>
        LMDBDataset		LMDBDatasetOp
        LMDBReader		LMDBReaderOp
        LRN		LRNOp<CPUDevice, {T:q}>
        LatencyStatsDataset		LatencyStatsDatasetOp
        LeakyRelu		LeakyReluOp<CPUDevice, {T:q}>
        LearnedUnigramCandidateSampler		SimpleCandidateSamplerOp<UnigramSampler>
        Less		BinaryOp<CPUDevice, functor::less<{T}>>
        LessEqual		BinaryOp<CPUDevice, functor::less_equal<{T}>>
        LoadAndRemapMatrix		LoadAndRemapMatrixOp
        Log		UnaryOp<CPUDevice, functor::log<{T}>>
        Log1p		UnaryOp<CPUDevice, functor::log1p<{T}>>
        LogSoftmax		SoftmaxOp<CPUDevice, {T}>
        LogUniformCandidateSampler		SimpleCandidateSamplerOp<LogUniformSampler>
        LogicalAnd		BinaryOp<CPUDevice, functor::logical_and>
        LogicalNot		UnaryOp<CPUDevice, functor::logical_not>
        LogicalOr		BinaryOp<CPUDevice, functor::logical_or>
        LookupTableExport		LookupTableExportOp
        LookupTableExportV2		LookupTableExportOp
        LookupTableFind		LookupTableFindOp
        LookupTableFindV2		LookupTableFindOp
        LookupTableImport		LookupTableImportOp
        LookupTableImportV2		LookupTableImportOp
        LookupTableInsert		LookupTableInsertOp
        LookupTableInsertV2		LookupTableInsertOp
        LookupTableRemoveV2		LookupTableRemoveOp
        LookupTableSize		LookupTableSizeOp
        LookupTableSizeV2		LookupTableSizeOp
        LoopCond		LoopCondOp
        MakeIterator		MakeIteratorOp
        MapAndBatchDataset		MapAndBatchDatasetOp
        MapClear		MapClearOp<false>
        MapDataset		MapDatasetOp
        MapDefun		MapDefunOp
        MapIncompleteSize		MapIncompleteSizeOp<false>
        MapPeek		MapPeekOp<false>
        MapSize		MapSizeOp<false>
        MapStage		MapStageOp<false>
        MapUnstage		MapUnstageOp<false>
        MapUnstageNoKey		MapUnstageNoKeyOp<false>
        MatMul		MatMulOp<CPUDevice, {T}, false >
        MatchingFiles		MatchingFilesOp
        MatchingFilesDataset		MatchingFilesDatasetOp
        Max		ReductionOp<CPUDevice, {T:q}, {Tidx}, Eigen::internal::MaxReducer<{T:q}>>	1.5=ReductionOp<CPUDevice, {T:q}, Eigen::internal::MaxReducer<{T:q}>>
        MaxIntraOpParallelismDataset		MaxIntraOpParallelismDatasetOp
        MaxPool		MaxPoolingOp<CPUDevice, {T:q}>
        Maximum		BinaryOp<CPUDevice, functor::maximum<{T}>>
        Mean		ReductionOp<CPUDevice, {T:q}, {Tidx}, functor::MeanReducer<{T:q}>>	1.5=ReductionOp<CPUDevice, {T:q}, Eigen::internal::MeanReducer<{T:q}>>; 1.10=ReductionOp<CPUDevice, {T:q}, {Tidx}, Eigen::internal::MeanReducer<{T:q}>>
        Merge		MergeOp
        MergeSummary		SummaryMergeOp
        MergeV2Checkpoints		MergeV2Checkpoints
        Mfcc		MfccOp
        Min		ReductionOp<CPUDevice, {T:q}, {Tidx}, Eigen::internal::MinReducer<{T:q}>>	1.5=ReductionOp<CPUDevice, {T:q}, Eigen::internal::MinReducer<{T:q}>>
        Minimum		BinaryOp<CPUDevice, functor::minimum<{T}>>
        MirrorPad		MirrorPadOp<CPUDevice, {T:q}, {Tpaddings}>
        Mod	T=floats	BinaryOp<CPUDevice, functor::fmod<{T}>>
        Mod	T=ints	BinaryOp<CPUDevice, functor::safe_mod<{T}>>
        ModelDataset		ModelDatasetOp
        Mul		BinaryOp<CPUDevice, functor::mul<{T}>>
        MultiDeviceIterator		MultiDeviceIteratorHandleOp
        MultiDeviceIteratorFromStringHandle		MultiDeviceIteratorFromStringHandleOp
        MultiDeviceIteratorGetNextFromShard		MultiDeviceIteratorGetNextFromShardOp
        MultiDeviceIteratorInit		MultiDeviceIteratorInitOp
        MultiDeviceIteratorToStringHandle		MultiDeviceIteratorToStringHandleOp
        MutexLock		MutexLockOp
        MutexV2		ResourceHandleOp<Mutex>
        NearestNeighbors		NearestNeighborsOp
        Neg		UnaryOp<CPUDevice, functor::neg<{T}>>
        NegTrain		NegTrainOp
        NextIteration		NextIterationOp
        NoOp		NoOp
        NonMaxSuppression		NonMaxSuppressionOp<CPUDevice>
        NonMaxSuppressionV2		NonMaxSuppressionV2Op<CPUDevice>
        NonMaxSuppressionV3		NonMaxSuppressionV3Op<CPUDevice>
        NonMaxSuppressionV4	T=float	NonMaxSuppressionV4Op<CPUDevice, float>
        NonMaxSuppressionV4	T=half	NonMaxSuppressionV4Op<CPUDevice, Eigen::half>
        NonMaxSuppressionV5	T=float	NonMaxSuppressionV5Op<CPUDevice, float>
        NonMaxSuppressionV5	T=half	NonMaxSuppressionV5Op<CPUDevice, Eigen::half>
        NonMaxSuppressionWithOverlaps		NonMaxSuppressionWithOverlapsOp<CPUDevice>
        NonSerializableDataset		NonSerializableDatasetOp
        NotEqual		BinaryOp<CPUDevice, functor::not_equal_to<{T}>>
        OneHot		OneHotOp<CPUDevice, {T:q}, {TI}>
        OneShotIterator		OneShotIteratorOp
        OnesLike		OnesLikeOp<CPUDevice, {T:q}>
        OptimizeDataset		OptimizeDatasetOp
        OptionalFromValue		OptionalFromValueOp
        OptionalGetValue		OptionalGetValueOp
        OptionalHasValue		OptionalHasValueOp
        OptionalNone		OptionalNoneOp
        OrderedMapClear		MapClearOp<true>
        OrderedMapIncompleteSize		MapIncompleteSizeOp<true>
        OrderedMapPeek		MapPeekOp<true>
        OrderedMapSize		MapSizeOp<true>
        OrderedMapStage		MapStageOp<true>
        OrderedMapUnstage		MapUnstageOp<true>
        OrderedMapUnstageNoKey		MapUnstageNoKeyOp<true>
        Pack		PackOp<CPUDevice, {T:q}>
        Pad		PadOp<CPUDevice, {T:q}, {Tpaddings}>	1.4=PadOp<CPUDevice, {T:q}>
        PadV2		PadOp<CPUDevice, {T:q}, {Tpaddings}>
        PaddedBatchDataset		PaddedBatchDatasetOp
        PaddedBatchDatasetV2		PaddedBatchDatasetOp
        PaddingFIFOQueue		PaddingFIFOQueueOp
        PaddingFIFOQueueV2		PaddingFIFOQueueOp
        ParallelInterleaveDataset		ParallelInterleaveDatasetOp
        ParallelInterleaveDatasetV2		ParallelInterleaveDatasetOp
        ParallelMapDataset		ParallelMapDatasetOp
        ParseExample		ParseExampleOp
        ParseExampleDataset		ParseExampleDatasetOp
        ParseSequenceExample		ParseSequenceExampleOp
        ParseSingleExample		ParseSingleExampleOp
        ParseSingleSequenceExample		ParseSingleSequenceExampleOp
        ParseTensor		ParseTensorOp
        PartitionedCall		PartitionedCallOp
        Placeholder		PlaceholderOp
        PlaceholderV2		PlaceholderOp
        PlaceholderWithDefault		IdentityOp
        Pow	T=floats	BinaryOp<CPUDevice, functor::pow<{T}>>
        Pow	T=ints	BinaryOp<CPUDevice, functor::safe_pow<{T}>>	1.9=BinaryOp<CPUDevice, functor::pow<{T}>>
        PrefetchDataset		PrefetchDatasetOp
        PreventGradient		IdentityOp
        Print		PrintOp
        PrintV2		PrintV2Op
        PriorityQueue		PriorityQueueOp
        PriorityQueueV2		PriorityQueueOp
        PrivateThreadPoolDataset		PrivateThreadPoolDatasetOp
        Prod		ReductionOp<CPUDevice, {T:q}, {Tidx}, Eigen::internal::ProdReducer<{T:q}>>	1.5=ReductionOp<CPUDevice, {T:q}, Eigen::internal::ProdReducer<{T:q}>>
        QuantizeDownAndShrinkRange	Tinput=qint32,out_type=quint8	QuantizeDownAndShrinkRangeOp<qint32, quint8>
        QuantizeV2	T=qint16	QuantizeV2Op<CPUDevice, qint16>
        QuantizeV2	T=qint32	QuantizeV2Op<CPUDevice, qint32>
        QuantizeV2	T=qint8	QuantizeV2Op<CPUDevice, qint8>
        QuantizeV2	T=quint16	QuantizeV2Op<CPUDevice, quint16>
        QuantizeV2	T=quint8	QuantizeV2Op<CPUDevice, quint8>
        QuantizedAdd	T1=quint8,T2=quint8,Toutput=qint32	QuantizedAddOp<quint8, qint32>
        QuantizedAvgPool	T=quint8	QuantizedAvgPoolingOp<CPUDevice, quint8>
        QuantizedBatchNormWithGlobalNormalization	Tinput=quint8,out_type=qint32	QuantizedBatchNormOp<quint8, qint32>
        QuantizedBiasAdd	T1=qint8,T2=qint8,out_type=qint32	QuantizedBiasAddOp<qint8, qint8, qint32>
        QuantizedBiasAdd	T1=quint8,T2=quint8,out_type=qint32	QuantizedBiasAddOp<quint8, quint8, qint32>
        QuantizedConv2D	Tinput=quint8,Tfilter=quint8,out_type=qint32	QuantizedConv2DOp<quint8, quint8, qint32, Im2ColConvFunctor>
        QuantizedInstanceNorm	T=quint8	QuantizedInstanceNorm
        QuantizedMatMul	T1=quint8,T2=quint8,Toutput=qint32	QuantizedMatMulOp<quint8, quint8, qint32>
        QuantizedMaxPool	T=quint8	QuantizedMaxPoolingOp<CPUDevice, quint8>
        QuantizedMul	T1=quint8,T2=quint8,Toutput=qint32	QuantizedMulOp<quint8, qint32>
        QuantizedRelu	Tinput=qint32,out_type=qint32	QuantizedReluOp<qint32>
        QuantizedRelu	Tinput=quint8,out_type=quint8	QuantizedReluOp<quint8>
        QuantizedRelu6	Tinput=qint32,out_type=qint32	QuantizedRelu6Op<qint32>
        QuantizedRelu6	Tinput=quint8,out_type=quint8	QuantizedRelu6Op<quint8>
        QueueClose		QueueCloseOp
        QueueCloseV2		QueueCloseOp
        QueueDequeue		DequeueOp
        QueueDequeueMany		DequeueManyOp
        QueueDequeueManyV2		DequeueManyOp
        QueueDequeueUpTo		DequeueUpToOp
        QueueDequeueUpToV2		DequeueUpToOp
        QueueDequeueV2		DequeueOp
        QueueEnqueue		EnqueueOp
        QueueEnqueueMany		EnqueueManyOp
        QueueEnqueueManyV2		EnqueueManyOp
        QueueEnqueueV2		EnqueueOp
        QueueIsClosed		QueueIsClosedOp
        QueueIsClosedV2		QueueIsClosedOp
        QueueSize		QueueSizeOp
        QueueSizeV2		QueueSizeOp
        RFFT		FFTCPU<true, true, 1>
        RFFT2D		FFTCPU<true, true, 2>
        RFFT3D		FFTCPU<true, true, 3>
        RaggedTensorToSparse	Tsplits=int32	RaggedTensorToSparseOp<int32>
        RaggedTensorToSparse	Tsplits=int64	RaggedTensorToSparseOp<int64>
        RandomDataset		RandomDatasetOp
        RandomShuffleQueue		RandomShuffleQueueOp
        RandomShuffleQueueV2		RandomShuffleQueueOp
        RandomStandardNormal		PhiloxRandomOp<CPUDevice, random::NormalDistribution< random::PhiloxRandom, {dtype}>>
        RandomUniform		PhiloxRandomOp<CPUDevice, random::UniformDistribution< random::PhiloxRandom, {dtype}>>
        Range		RangeOp<{Tidx:q}>
        RangeDataset		RangeDatasetOp
        Rank		RankOp
        ReadFile		ReadFileOp
        ReadVariableOp		ReadVariableOp
        ReaderNumRecordsProduced		ReaderNumRecordsProducedOp
        ReaderNumRecordsProducedV2		ReaderNumRecordsProducedOp
        ReaderNumWorkUnitsCompleted		ReaderNumWorkUnitsCompletedOp
        ReaderNumWorkUnitsCompletedV2		ReaderNumWorkUnitsCompletedOp
        ReaderRead		ReaderReadOp
        ReaderReadUpTo		ReaderReadUpToOp
        ReaderReadUpToV2		ReaderReadUpToOp
        ReaderReadV2		ReaderReadOp
        ReaderReset		ReaderResetOp
        ReaderResetV2		ReaderResetOp
        ReaderRestoreState		ReaderRestoreStateOp
        ReaderRestoreStateV2		ReaderRestoreStateOp
        ReaderSerializeState		ReaderSerializeStateOp
        ReaderSerializeStateV2		ReaderSerializeStateOp
        RealDiv		BinaryOp<CPUDevice, functor::div<{T}>>
        RebatchDataset		RebatchDatasetOp
        Reciprocal		UnaryOp<CPUDevice, functor::inverse<{T}>>
        RecordInput		RecordInputOp
        ReduceDataset		ReduceDatasetOp
        ReduceJoin		ReduceJoinOp
        RefEnter		EnterOp
        RefExit		ExitOp
        RefIdentity		IdentityOp
        RefMerge		MergeOp
        RefNextIteration		NextIterationOp
        RegexFullMatch		RegexFullMatchOp
        RegexReplace		RegexReplaceOp
        Relu		ReluOp<CPUDevice, {T:q}>
        Relu6		Relu6Op<CPUDevice, {T:q}>
        RemoteCall		RemoteCallOp
        RepeatDataset		RepeatDatasetOp
        RequantizationRange	Tinput=qint32	RequantizationRangeOp
        Requantize	Tinput=qint32,out_type=qint8	RequantizeOp<qint32, qint8>
        Requantize	Tinput=qint32,out_type=quint8	RequantizeOp<qint32, quint8>
        Reshape		ReshapeOp
        ResizeBilinear		ResizeBilinearOp<CPUDevice, {T:q}>
        ResizeNearestNeighbor		ResizeNearestNeighborOp<CPUDevice, {T:q}>
        ResourceAccumulatorApplyGradient		ResourceAccumulatorApplyGradientOp
        ResourceAccumulatorNumAccumulated		ResourceAccumulatorNumAccumulatedOp
        ResourceAccumulatorSetGlobalStep		ResourceAccumulatorSetGlobalStepOp
        ResourceAccumulatorTakeGradient		ResourceAccumulatorTakeGradientOp
        Restore		RestoreOp
        RestoreSlice		RestoreSliceOp
        RestoreV2		RestoreV2
        Rint		UnaryOp<CPUDevice, functor::rint<{T}>>
        Round		UnaryOp<CPUDevice, functor::round<{T}>>
        Rsqrt		UnaryOp<CPUDevice, functor::rsqrt<{T}>>
        SamplingDataset		SamplingDatasetOp
        Save		SaveOp
        SaveSlices		SaveSlicesOp
        SaveV2		SaveV2
        ScanDataset		ScanDatasetOp
        SdcaFprint		SdcaFprint
        SdcaOptimizer		SdcaOptimizer
        SdcaOptimizerV2		SdcaOptimizer
        SdcaShrinkL1		SdcaShrinkL1
        Select		SelectOp<CPUDevice, {T:q}>
        Selu		SeluOp<CPUDevice, {T:q}>
        SerializeIterator		SerializeIteratorOp
        SerializeSparse	out_type=Variant	SerializeSparseOp<Variant>
        SerializeSparse	out_type=string	SerializeSparseOp<string>
        SetStatsAggregatorDataset		SetStatsAggregatorDatasetOp
        Shape		ShapeOp<{out_type}>
        ShapeN	out_type=int32	ShapeNOp<int32>
        ShapeN	out_type=int64	ShapeNOp<int64>
        ShardDataset		ShardDatasetOp
        ShardedFilename		ShardedFilenameOp
        ShardedFilespec		ShardedFilespecOp
        ShuffleAndRepeatDataset		ShuffleAndRepeatDatasetOp
        ShuffleDataset		ShuffleDatasetOp
        ShuffleDatasetV2		ShuffleDatasetOp
        Sigmoid		UnaryOp<CPUDevice, functor::sigmoid<{T}>>
        Sign		UnaryOp<CPUDevice, functor::sign<{T}>>
        Sin		UnaryOp<CPUDevice, functor::sin<{T}>>
        Size		SizeOp<{out_type}>
        SkipDataset		SkipDatasetOp
        Skipgram		SkipgramOp
        SleepDataset		SleepDatasetOp
        Slice		SliceOp<CPUDevice, {T:q}>
        SlidingWindowDataset		SlidingWindowDatasetOp
        SnapshotDataset		SnapshotDatasetOp
        Softmax		SoftmaxOp<CPUDevice, {T}>
        SoftmaxCrossEntropyWithLogits		SoftmaxXentWithLogitsOp<CPUDevice, {T}>
        Softplus		SoftplusOp<CPUDevice, {T:q}>
        Softsign		SoftsignOp<CPUDevice, {T:q}>
        SpaceToBatchND		SpaceToBatchNDOp<CPUDevice, {T:q}>
        SparseAccumulatorApplyGradient		SparseAccumulatorApplyGradientOp
        SparseAccumulatorTakeGradient		SparseAccumulatorTakeGradientOp
        SparseCross	out_type=int64,internal_type=int64	SparseCrossOp<true, int64>
        SparseCross	out_type=int64,internal_type=string	SparseCrossOp<true, int64>
        SparseCross	out_type=string,internal_type=int64	SparseCrossOp<false, string>
        SparseCross	out_type=string,internal_type=string	SparseCrossOp<false, StringPiece>
        SparseReshape		SparseReshapeOp
        SparseSoftmaxCrossEntropyWithLogits		SparseSoftmaxXentWithLogitsOp<CPUDevice, {T}, {Tlabels}>
        Split		SplitOpCPU<{T:q}>
        SplitV		SplitVOpCPU<{T:q}, {Tlen}>
        SqlDataset		SqlDatasetOp
        Sqrt		UnaryOp<CPUDevice, functor::sqrt<{T}>>
        Square		UnaryOp<CPUDevice, functor::square<{T}>>
        SquaredDifference		BinaryOp<CPUDevice, functor::squared_difference<{T}>>
        Squeeze		SqueezeOp
        Stack		StackOp
        StackClose		StackCloseOp
        StackCloseV2		StackCloseOp
        StackPop		StackPopOp
        StackPopV2		StackPopOp
        StackPush		TemplatedStackPushOp</*allow_swapping=*/false>
        StackPushV2		TemplatedStackPushOp</*allow_swapping=*/false>
        StackV2		StackOp
        Stage		StageOp
        StageClear		StageClearOp
        StagePeek		StagePeekOp
        StageSize		StageSizeOp
        StatefulPartitionedCall		PartitionedCallOp
        StatelessIf		IfOp
        StatelessWhile		WhileOp
        StaticRegexFullMatch		StaticRegexFullMatchOp
        StaticRegexReplace		StaticRegexReplaceOp
        StatsAggregatorHandle		StatsAggregatorHandleOp
        StatsAggregatorHandleV2		StatsAggregatorHandleOpV2
        StatsAggregatorSetSummaryWriter		StatsAggregatorSetSummaryWriterOp
        StatsAggregatorSummary		StatsAggregatorSummaryOp
        StopGradient		IdentityOp
        StridedSlice		StridedSliceOp<CPUDevice, {T:q}>
        StringFormat		StringFormatOp
        StringJoin		StringJoinOp
        StringLength		StringLengthOp
        StringLower		StringLowerOp
        StringSplit		StringSplitOp
        StringSplitV2		StringSplitV2Op
        StringStrip		StringStripOp
        StringToHashBucket		LegacyStringToHashBucketOp
        StringToHashBucketFast		StringToHashBucketOp<Fingerprint64>
        StringToHashBucketStrong		StringToKeyedHashBucketOp<StrongKeyedHash>
        StringUpper		StringUpperOp
        Sub		BinaryOp<CPUDevice, functor::sub<{T}>>
        Sum		ReductionOp<CPUDevice, {T:q}, {Tidx}, Eigen::internal::SumReducer<{T:q}>>	1.5=ReductionOp<CPUDevice, {T:q}, Eigen::internal::SumReducer<{T:q}>>
        SummaryWriter		ResourceHandleOp<SummaryWriterInterface>
        Svd		(SvdOp<{T}>)
        Switch		SwitchOp
        TFRecordDataset		TFRecordDatasetOp
        TFRecordReader		TFRecordReaderOp
        TFRecordReaderV2		TFRecordReaderOp
        TakeDataset		TakeDatasetOp
        TakeWhileDataset		TakeWhileDatasetOp
        Tan		UnaryOp<CPUDevice, functor::tan<{T}>>
        Tanh		UnaryOp<CPUDevice, functor::tanh<{T}>>
        TemporaryVariable		TemporaryVariableOp
        TensorArray		TensorArrayOp
        TensorArrayClose		TensorArrayCloseOp
        TensorArrayCloseV2		TensorArrayCloseOp
        TensorArrayCloseV3		TensorArrayCloseOp
        TensorArrayGatherV2		TensorArrayPackOrGatherOp<CPUDevice, {dtype:q}, false >
        TensorArrayGatherV3		TensorArrayPackOrGatherOp<CPUDevice, {dtype:q}, false >
        TensorArrayGrad		TensorArrayGradOp
        TensorArrayGradV2		TensorArrayGradOp
        TensorArrayGradV3		TensorArrayGradOp
        TensorArrayGradWithShape		TensorArrayGradOp
        TensorArrayReadV2		TensorArrayReadOp<CPUDevice, {dtype:q}>
        TensorArrayReadV3		TensorArrayReadOp<CPUDevice, {dtype:q}>
        TensorArrayScatterV2		TensorArrayUnpackOrScatterOp<CPUDevice, {T:q}, false >
        TensorArrayScatterV3		TensorArrayUnpackOrScatterOp<CPUDevice, {T:q}, false >
        TensorArraySize		TensorArraySizeOp
        TensorArraySizeV2		TensorArraySizeOp
        TensorArraySizeV3		TensorArraySizeOp
        TensorArrayV2		TensorArrayOp
        TensorArrayV3		TensorArrayOp
        TensorArrayWriteV2		TensorArrayWriteOp<CPUDevice, {T:q}>
        TensorArrayWriteV3		TensorArrayWriteOp<CPUDevice, {T:q}>
        TensorDataset		TensorDatasetOp
        TensorListConcatLists		TensorListConcatLists
        TensorListElementShape		TensorListElementShape
        TensorListLength		TensorListLength
        TensorListPushBack		TensorListPushBack
        TensorListReserve		TensorListReserve
        TensorListResize		TensorListResize
        TensorListSetItem		TensorListSetItem
        TensorSliceDataset		TensorSliceDatasetOp
        TextLineDataset		TextLineDatasetOp
        TextLineReader		TextLineReaderOp
        TextLineReaderV2		TextLineReaderOp
        ThreadPoolDataset		ThreadPoolDatasetOp
        ThreadPoolHandle		ThreadPoolHandleOp
        ThreadUnsafeUnigramCandidateSampler		SimpleCandidateSamplerOp<ThreadUnsafeUnigramSampler>
        Tile		TileOp<CPUDevice, {Tmultiples}>	1.8=TileOp<CPUDevice>
        TileGrad		TileGradientOp<CPUDevice, int32>	1.8=TileGradientOp<CPUDevice>
        Timestamp		TimestampOp
        TopK		TopK<CPUDevice, {T:q}>
        TopKV2		TopK<CPUDevice, {T:q}>
        Transpose		TransposeCpuOp
        Unbatch		UnbatchKernel
        UnbatchDataset		UnbatchDatasetOp
        UnbatchGrad		UnbatchGradKernel
        UnicodeDecode	Tsplits=int32	UnicodeDecodeOp<int32>
        UnicodeDecode	Tsplits=int64	UnicodeDecodeOp<int64>
        UnicodeDecodeWithOffsets	Tsplits=int32	UnicodeDecodeWithOffsetsOp<int32>
        UnicodeDecodeWithOffsets	Tsplits=int64	UnicodeDecodeWithOffsetsOp<int64>
        UnicodeEncode	Tsplits=int32	UnicodeEncodeOp<int32>
        UnicodeEncode	Tsplits=int64	UnicodeEncodeOp<int64>
        UnicodeScript		UnicodeScriptOp
        UnicodeTranscode		UnicodeTranscodeOp
        UniformCandidateSampler		SimpleCandidateSamplerOp<UniformSampler>
        UniqueDataset		UniqueDatasetOp
        Unpack		UnpackOp<CPUDevice, {T:q}>
        Unstage		UnstageOp
        VarHandleOp		VarHandleOp
        VarIsInitializedOp		VarIsInitializedOp
        Variable		VariableOp
        VariableShape	out_type=int32	VariableShapeOp<int32>
        VariableShape	out_type=int64	VariableShapeOp<int64>
        VariableV2		VariableOp
        Where		WhereCPUOp<{T:q}>	1.5=WhereCPUOp
        While		WhileOp
        WholeFileReader		WholeFileReaderOp
        WholeFileReaderV2		WholeFileReaderOp
        WindowDataset		WindowDatasetOp
        WriteAudioSummary		WriteAudioSummaryOp
        WriteFile		WriteFileOp
        WriteGraphSummary		WriteGraphSummaryOp
        WriteHistogramSummary		WriteHistogramSummaryOp
        WriteImageSummary		WriteImageSummaryOp
        WriteRawProtoSummary		WriteRawProtoSummaryOp
        WriteScalarSummary		WriteScalarSummaryOp
        WriteSummary		WriteSummaryOp
        ZerosLike		ZerosLikeOp<CPUDevice, {T:q}>
        ZipDataset		ZipDatasetOp
        _Arg		ArgOp
        _HostRecv		RecvOp
        _HostSend		SendOp
        _Recv		RecvOp
        _Retval		RetvalOp
        _Send		SendOp
        """u8;
}
