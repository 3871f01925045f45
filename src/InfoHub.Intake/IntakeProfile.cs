using System.Collections.Immutable;
using AutoMapper;
using Google.Protobuf;
using InfoHub.Domain.Submissions;
using InfoHub.Intake.Submit;
using Wire = InfoHub.Contracts.Intake.V1;

namespace InfoHub.Intake;

/// <summary>Wire types to domain types and back, for the intake's edge only; never on the row path. Asserted by a
/// test.</summary>
internal sealed class IntakeProfile : Profile
{
    public IntakeProfile()
    {
        CreateMap<Wire.OpenRequest, OpenedFile>()
            .ConvertUsing((request, _) => Read(request));

        CreateMap<Domain.Receipts.Receipt, Wire.Receipt>()
            .ForMember(w => w.Hash, o => o.MapFrom(r => Bytes(r.Hash)))
            .ForMember(w => w.PreviousHash, o => o.MapFrom(r => Bytes(r.PreviousHash)))
            .ForMember(w => w.Signature, o => o.MapFrom(r => Bytes(r.Signature)));

        CreateMap<Domain.Receipts.ReceiptKey, Wire.ReceiptKey>()
            .ForMember(w => w.PublicKey, o => o.MapFrom(k => Bytes(k.PublicKey)));

        CreateMap<ControlSum, Wire.ControlSum>()
            .ForMember(w => w.Received, o => o.MapFrom(s => Plain(s.Received)))
            .ForMember(w => w.Rejected, o => o.MapFrom(s => Plain(s.Rejected)))
            .ForMember(w => w.Accepted, o => o.MapFrom(s => Plain(s.Accepted)))
            .ForMember(w => w.Stored, o => o.MapFrom(s => s.Stored == null ? "" : Plain(s.Stored.Value)));

        CreateMap<Storage.Submissions.ErrorGroup, Wire.ErrorGroup>().ForMember(w => w.Severity, o => o.Ignore());

        CreateMap<Templates.Problems.Problem, Wire.Problem>()
            .ForMember(w => w.Title, o => o.MapFrom(p => p.Kind.TitleZh))
            .ForMember(w => w.TitleEn, o => o.MapFrom(p => p.Kind.TitleEn));

        CreateMap<ErrorTotal, Wire.ErrorTotal>()
            .ForMember(w => w.Severity, o => o.MapFrom(t => t.Rejects ? Wire.Severity.Error : Wire.Severity.Warning));

        CreateMap<Templates.Checks.RowError, Wire.RowError>()
            .ForMember(w => w.Code, o => o.MapFrom(e => e.Kind.Code))
            .ForMember(w => w.Severity, o => o.MapFrom(e => SeverityOf(e.Disposition)))
            .ForMember(w => w.FieldTitle, o => o.Ignore())
            .ForMember(w => w.Rule, o => o.Ignore())
            .ForMember(w => w.Fix, o => o.Ignore())
            .ForMember(w => w.SheetRow, o => o.Ignore());

        CreateMap<Submission, Wire.SubmissionStatus>()
            .ForMember(w => w.Submission, o => o.MapFrom(s => s.Key.Ref))
            .ForMember(w => w.SizeBytes, o => o.MapFrom(s => s.File.SizeBytes))
            .ForMember(w => w.Item, o => o.MapFrom(s => s.Key.Item))
            .ForMember(w => w.TemplateVersion, o => o.MapFrom(s => s.Key.Version))
            .ForMember(w => w.Period, o => o.MapFrom(s => s.Key.Period.ToString()))
            .ForMember(w => w.Sequence, o => o.MapFrom(s => s.Key.Sequence))
            .ForMember(w => w.Operation, o => o.MapFrom(s => s.Terms.Operation))
            .ForMember(w => w.Base, o => o.MapFrom(s => s.Terms.BaseRef))
            .ForMember(w => w.Sha256, o => o.MapFrom(s => Bytes(s.File.Sha256)))
            .ForMember(w => w.ControlSums, o => o.MapFrom(s => s.Sums))
            .ForMember(w => w.Environment, o => o.MapFrom(s => s.Terms.IsTest ? Wire.Environment.Test : Wire.Environment.Production))
            .ForMember(w => w.DurableOffset, o => o.Ignore())
            .ForMember(w => w.UploadCreditBytes, o => o.Ignore());
    }

    private static OpenedFile Read(Wire.OpenRequest request) => new(request.Item, request.TemplateVersion, request.Period, request.Sequence,
        new DeclaredFile([.. request.Sha256.Span], request.SizeBytes, OfFile(request.Format), request.FileName)
        {
            Encoding = request.Encoding == 0 ? null : (Templates.Reading.TextEncoding)(int)request.Encoding, Sheet = request.Sheet,
        })
    {
        Terms = new SubmissionTerms(OfOpen(request.Operation), request.Environment == Wire.Environment.Test),
        BaseRef = request.Base,
        ReplaceUnfinished = request.ReplaceUnfinished,
    };

    /// <summary>Nil returns and typed batches have calls of their own; a number nobody knows is refused by the
    /// desk.</summary>
    private static FileFormat OfFile(Wire.FileFormat format) => format is Wire.FileFormat.Nil or Wire.FileFormat.Records ? 0 : (FileFormat)(int)format;

    private static Operation OfOpen(Wire.Operation operation) =>
        operation == Wire.Operation.Unspecified ? Operation.Increment : operation == Wire.Operation.Nil ? 0 : (Operation)(int)operation;

    private static string Plain(decimal value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ByteString Bytes(ImmutableArray<byte> bytes) => ByteString.CopyFrom(bytes.AsSpan());

    private static Wire.Severity SeverityOf(Templates.Problems.Disposition disposition) =>
        disposition == Templates.Problems.Disposition.Warn ? Wire.Severity.Warning : Wire.Severity.Error;
}
