using System.Collections.Immutable;
using AutoMapper;
using Google.Protobuf;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Submit;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Intake;

/// <summary>Wire types to domain types and back, for the intake's edge only; never on the row path. Asserted by a test.</summary>
internal sealed class IntakeProfile : Profile
{
    public IntakeProfile()
    {
        CreateMap<Wire.OpenRequest, OpenedFile>()
            .ConvertUsing((request, _) => Read(request));

        CreateMap<Domain.Receipts.Receipt, Wire.Receipt>()
            .ForMember(w => w.Hash, o => o.MapFrom(r => Bytes(r.Hash)))
            .ForMember(w => w.PreviousHash, o => o.MapFrom(r => Bytes(r.PreviousHash)));

        CreateMap<Templates.Problems.Problem, Wire.Problem>()
            .ForMember(w => w.Title, o => o.MapFrom(p => p.Kind.TitleZh))
            .ForMember(w => w.TitleEn, o => o.MapFrom(p => p.Kind.TitleEn));

        CreateMap<ErrorTotal, Wire.ErrorTotal>()
            .ForMember(w => w.Severity, o => o.MapFrom(t => SeverityOf(Templates.Problems.ProblemCatalogue.All[t.Code].Disposition)));

        CreateMap<Templates.Checks.RowError, Wire.RowError>()
            .ForMember(w => w.Code, o => o.MapFrom(e => e.Kind.Code))
            .ForMember(w => w.Severity, o => o.MapFrom(e => SeverityOf(e.Disposition)))
            .ForMember(w => w.FieldTitle, o => o.Ignore())
            .ForMember(w => w.Rule, o => o.Ignore())
            .ForMember(w => w.Fix, o => o.Ignore());

        CreateMap<Submission, Wire.SubmissionStatus>()
            .ForMember(w => w.Submission, o => o.MapFrom(s => s.Key.Ref))
            .ForMember(w => w.SizeBytes, o => o.MapFrom(s => s.File.SizeBytes))
            .ForMember(w => w.Item, o => o.MapFrom(s => s.Key.Item))
            .ForMember(w => w.TemplateVersion, o => o.MapFrom(s => s.Key.Version))
            .ForMember(w => w.Period, o => o.MapFrom(s => s.Key.Period.ToString()))
            .ForMember(w => w.Sequence, o => o.MapFrom(s => s.Key.Sequence))
            .ForMember(w => w.DurableOffset, o => o.Ignore())
            .ForMember(w => w.UploadCreditBytes, o => o.Ignore());
    }

    private static OpenedFile Read(Wire.OpenRequest request) => new(request.Item, request.TemplateVersion, request.Period, request.Sequence,
        new DeclaredFile([.. request.Sha256.Span], request.SizeBytes, (FileFormat)(int)request.Format, request.FileName));

    private static ByteString Bytes(ImmutableArray<byte> bytes) => ByteString.CopyFrom(bytes.AsSpan());

    private static Wire.Severity SeverityOf(Templates.Problems.Disposition disposition) =>
        disposition == Templates.Problems.Disposition.Warn ? Wire.Severity.Warning : Wire.Severity.Error;
}
