using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Decant.Tests.Architecture;

/// <summary>References point downwards: between projects, and between the namespaces of Decant. Read from the compiled assemblies.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> AllowedAssemblies = new()
    {
        ["Decant.Core"] = [],
        ["Decant.Kernels"] = [],
        ["Decant.Wire"] = ["Decant.Core"],
        ["Decant"] = ["Decant.Core", "Decant.Wire", "Decant.Kernels"],
    };

    // A namespace may use those named here, those below it and its own. The root namespace is the front door and may use all.
    private static readonly Dictionary<string, string[]> AllowedNamespaces = new()
    {
        ["Decant.IR"] = [],
        ["Decant.Ops"] = ["Decant.IR"],
        ["Decant.Runtime"] = ["Decant.Ops", "Decant.IR"],
        ["Decant.Passes"] = ["Decant.Runtime", "Decant.Ops", "Decant.IR"],
        ["Decant.Formats"] = ["Decant.Runtime", "Decant.Ops", "Decant.IR"],
        ["Decant.Quantizing"] = ["Decant.Runtime", "Decant.Ops", "Decant.IR"],
        ["Decant.Lowering"] = ["Decant.Quantizing", "Decant.Passes", "Decant.Runtime", "Decant.Ops", "Decant.IR"],
    };

    public static TheoryData<string> Assemblies => [.. AllowedAssemblies.Keys];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_refers_only_to_those_below_it(string name)
    {
        using PEReader pe = Open(name);
        MetadataReader reader = pe.GetMetadataReader();
        IEnumerable<string> ours = reader.AssemblyReferences
            .Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
            .Where(n => n.StartsWith("Decant", StringComparison.Ordinal));
        Assert.Empty(ours.Except(AllowedAssemblies[name]));
    }

    [Fact]
    public void A_namespace_of_Decant_uses_only_those_below_it()
    {
        using PEReader pe = Open("Decant");
        MetadataReader reader = pe.GetMetadataReader();
        var upwards = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string from = NamespaceOf(reader, handle);
            if (Layer(from) is not { } layer)
                continue;
            foreach (string to in UsedTypes(pe, reader, type))
            {
                if (Layer(to) is { } target && target != layer && !AllowedNamespaces[layer].Contains(target))
                    upwards.Add($"{from}.{reader.GetString(type.Name)} uses {to}");
            }
        }

        Assert.Empty(upwards);
    }

    private static string? Layer(string typeOrNamespace) =>
        AllowedNamespaces.Keys.FirstOrDefault(l => typeOrNamespace == l || typeOrNamespace.StartsWith(l + ".", StringComparison.Ordinal));

    /// <summary>The full names of Decant's own types whose tokens appear in the bodies, fields and signatures of a type.</summary>
    private static IEnumerable<string> UsedTypes(PEReader pe, MetadataReader reader, TypeDefinition type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var provider = new NameProvider(names);
        if (!type.BaseType.IsNil && type.BaseType.Kind == HandleKind.TypeDefinition)
            names.Add(provider.GetTypeFromDefinition(reader, (TypeDefinitionHandle)type.BaseType, 0));
        foreach (FieldDefinitionHandle field in type.GetFields())
            reader.GetFieldDefinition(field).DecodeSignature(provider, null);
        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = reader.GetMethodDefinition(handle);
            method.DecodeSignature(provider, null);
            if (method.RelativeVirtualAddress != 0)
                IlTokens.Visit(pe.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!, token => Add(reader, provider, names, token));
        }

        return names;
    }

    private static void Add(MetadataReader reader, NameProvider provider, HashSet<string> names, int token)
    {
        EntityHandle handle = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                names.Add(provider.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0));
                break;
            case HandleKind.MethodDefinition:
                names.Add(provider.GetTypeFromDefinition(reader, reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), 0));
                break;
            case HandleKind.FieldDefinition:
                names.Add(provider.GetTypeFromDefinition(reader, reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType(), 0));
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(provider, null);
                break;
        }
    }

    private static string NamespaceOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        return reader.GetString(type.Namespace);
    }

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));

    /// <summary>Collects the names of the types that signatures mention.</summary>
    private sealed class NameProvider(HashSet<string> names) : ISignatureTypeProvider<string, object?>
    {
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            string name = $"{NamespaceOf(reader, handle)}.{reader.GetString(reader.GetTypeDefinition(handle).Name)}";
            names.Add(name);
            return name;
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "";

        public string GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, context);

        public string GetArrayType(string elementType, ArrayShape shape) => "";

        public string GetByReferenceType(string elementType) => "";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, System.Collections.Immutable.ImmutableArray<string> typeArguments) => "";

        public string GetGenericMethodParameter(object? context, int index) => "";

        public string GetGenericTypeParameter(object? context, int index) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => "";

        public string GetPinnedType(string elementType) => "";

        public string GetPointerType(string elementType) => "";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetSZArrayType(string elementType) => "";
    }
}
