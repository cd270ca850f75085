using System.Text.RegularExpressions;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Registration;
using Decant.TestKit;

namespace Decant.Tests.Registration;

public sealed partial class KernelClassTests
{
    /// <summary>Op, types, version, class: the spellings are those of headers that the original tool wrote.</summary>
    public static TheoryData<string, string, string, string?> Cases => new()
    {
        { "Conv2D", "T=Float32", "2.99", "Conv2DOp<CPUDevice, float>" },
        { "Add", "T=Int32", "2.99", "BinaryOp<CPUDevice, functor::add<int32>>" },
        { "AddN", "T=Int32", "2.99", "AddNOp<CPUDevice, ::tensorflow::int32>" },
        { "Pack", "T=Float16", "2.99", "PackOp<CPUDevice, Eigen::half>" },
        { "Range", "Tidx=Int64", "2.99", "RangeOp<::tensorflow::int64>" },
        { "Mean", "T=Float32,Tidx=Int32", "2.99", "ReductionOp<CPUDevice, float, int32, functor::MeanReducer<float>>" },
        { "Mean", "T=Float32,Tidx=Int32", "1.8", "ReductionOp<CPUDevice, float, int32, Eigen::internal::MeanReducer<float>>" },
        { "Mean", "T=Float32,Tidx=Int32", "1.3", "ReductionOp<CPUDevice, float, Eigen::internal::MeanReducer<float>>" },
        { "Sum", "T=Int32,Tidx=Int64", "2.99", "ReductionOp<CPUDevice, ::tensorflow::int32, int64, Eigen::internal::SumReducer<::tensorflow::int32>>" },
        { "All", "Tidx=Int32", "2.99", "ReductionOp<CPUDevice, bool, int32, Eigen::internal::AndReducer>" },
        { "ArgMax", "T=Float32,Tidx=Int32,output_type=Int64", "2.99", "ArgMaxOp<CPUDevice, float, int64>" },
        { "ArgMax", "T=Float32,Tidx=Int32,output_type=Int64", "1.2", "ArgMaxOp<CPUDevice, float>" },
        { "Fill", "T=UInt8,index_type=Int32", "2.99", "FillOp<CPUDevice, ::tensorflow::uint8, int32>" },
        { "Pad", "T=Float32,Tpaddings=Int32", "1.3", "PadOp<CPUDevice, float>" },
        { "Tile", "T=Float32,Tmultiples=Int64", "2.99", "TileOp<CPUDevice, int64>" },
        { "Tile", "T=Float32,Tmultiples=Int64", "1.7", "TileOp<CPUDevice>" },
        { "OneHot", "T=Float32,TI=Int32", "2.99", "OneHotOp<CPUDevice, float, int32>" },
        { "Gather", "Tparams=Float32,Tindices=Int64", "2.99", "GatherOp<CPUDevice, float, int64>" },
        { "FloorDiv", "T=Int32", "2.99", "BinaryOp<CPUDevice, functor::safe_floor_div<int32>>" },
        { "FloorDiv", "T=Float32", "2.99", "BinaryOp<CPUDevice, functor::floor_div_real<float>>" },
        { "Pow", "T=Int32", "1.4", "BinaryOp<CPUDevice, functor::pow<int32>>" },
        { "RandomUniform", "T=Int32,dtype=Float32", "2.99", "PhiloxRandomOp<CPUDevice, random::UniformDistribution< random::PhiloxRandom, float>>" },
        { "TensorArrayReadV3", "dtype=Float32", "2.99", "TensorArrayReadOp<CPUDevice, float>" },
        { "StopGradient", "T=Float32", "2.99", "IdentityOp" },
        { "Svd", "T=Float32", "2.99", "(SvdOp<float>)" },
        { "DecodeJpeg", "", "2.99", "DecodeImageOp" },
        { "QuantizedRelu", "Tinput=QUInt8,out_type=QUInt8", "2.99", "QuantizedReluOp<quint8>" },
        { "QuantizedRelu", "Tinput=QInt8,out_type=QInt8", "2.99", null },
        { "AccumulateNV2", "T=Float32", "2.99", null },
        { "Swish", "T=Float32", "2.99", null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_class_is_spelled_as_its_registration_spells_it(string op, string types, string version, string? expected)
    {
        Dictionary<string, DType> byName = types.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split('=')).ToDictionary(t => t[0], t => Enum.Parse<DType>(t[1]));
        Assert.Equal(expected, KernelClasses.Find(op, name => byName.GetValueOrDefault(name), Version.Parse(version))?.Class);
    }

    [Fact]
    public void Every_op_with_a_class_has_its_attributes_and_a_source_file()
    {
        foreach (string op in OpCatalogue.Names())
        {
            OpDef def = OpCatalogue.Find(op)!;
            KernelClass? found = KernelClasses.Find(op, name => def.Attribute(name) is null ? throw new InvalidOperationException($"{op} has no attribute {name}") : DType.Float32, SelectiveRegistration.Newest);
            if (found is null)
                continue;
            Assert.DoesNotMatch(Open(), found.Class);
            Assert.True(KernelFiles.Of(op).Count > 0, $"{op} has a kernel class and no source file");
        }
    }

    /// <summary>The sheet has classes of several versions of TensorFlow: one of those below spells each so.</summary>
    [SharedFact]
    public void Every_class_of_the_sheet_is_spelled_as_there()
    {
        Version[] versions = [new(1, 3), new(1, 4), new(1, 7), new(1, 8), SelectiveRegistration.Newest];
        List<string> wrong = [];
        int compared = 0;
        foreach (string[] row in File.ReadLines(SharedData.Path("spec/kernel-classes.tsv")).Where(l => !l.StartsWith('#')).Select(l => l.Split('\t')))
        {
            string op = row[0], attribute = row[1].Split(',', ' ')[0];
            bool varies = Regex.IsMatch(row[2], @"\bT\b");
            DType[] types = row[1].EndsWith("(ints)", StringComparison.Ordinal) || op == "BroadcastGradientArgs" ? [DType.Int32] : op == "Dequantize" ? [DType.QUInt8] : varies && row[3][0] == 'Q' ? [DType.Float32, DType.Int32] : [DType.Float32];
            foreach (DType type in types)
            {
                string spelled = type == DType.Float32 ? "float" : row[3][0] == 'Q' ? "::tensorflow::int32" : "int32";
                string expected = Regex.Replace(Regex.Replace(row[2], $@"\b(T|Tparams)\b", spelled), @"\bTI\b", "int32");
                DType Type(string name) => name == attribute && (varies || name is not ("Tidx" or "Tdim" or "out_type")) ? type : name == "output_type" ? DType.Int64 : DType.Int32;
                compared++;
                if (!versions.Select(v => KernelClasses.Find(op, Type, v)?.Class).Any(c => Bare(c) == Bare(expected)))
                    wrong.Add($"{op} {type}: {expected}, found {KernelClasses.Find(op, Type, SelectiveRegistration.Newest)?.Class}");
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(compared, 160, 300);

        static string? Bare(string? text) => text?.Replace(" ", "", StringComparison.Ordinal);
    }

    [Fact]
    public void Most_ops_that_Decant_runs_have_a_source_file() =>
        Assert.InRange(OpTable.All.Ops.Count(o => KernelFiles.Of(o.Name.ToString()).Count > 0), 500, 750);

    [GeneratedRegex("[{}]")]
    private static partial Regex Open();
}
