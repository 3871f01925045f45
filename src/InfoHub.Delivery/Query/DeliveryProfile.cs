using System.Globalization;
using AutoMapper;
using Google.Protobuf;
using InfoHub.Domain.Findings;
using InfoHub.Storage.Findings;
using InfoHub.Templates.Vocabulary;
using Wire = InfoHub.Contracts.Delivery.V1;

namespace InfoHub.Delivery.Query;

/// <summary>
/// Stored findings to wire findings. The model's title is set by the service: it is not stored. Wire and domain states
/// have the same FROZEN numbers.
/// </summary>
internal sealed class DeliveryProfile : Profile
{
    public DeliveryProfile()
    {
        CreateMap<FindingState, Wire.FindingState>().ConvertUsing(state => (Wire.FindingState)(int)state);
        CreateMap<ArithmeticLine, Wire.ArithmeticLine>();
        CreateMap<StoredEvidence, Wire.Evidence>()
            .ForMember(wire => wire.RowHash, to => to.MapFrom((stored, _) => ByteString.CopyFrom(stored.RowHash.AsSpan())));
        CreateMap<StoredFinding, Wire.Finding>()
            .ForMember(wire => wire.FindingId, to => to.MapFrom(stored => stored.Id))
            .ForMember(wire => wire.Model, to => to.MapFrom(stored => stored.Draft.Model))
            .ForMember(wire => wire.ModelVersion, to => to.MapFrom(stored => stored.Draft.ModelVersion))
            .ForMember(wire => wire.ModelTitle, to => to.Ignore())
            .ForMember(wire => wire.Uscc, to => to.MapFrom(stored => stored.Uscc ?? ""))
            .ForMember(wire => wire.Period, to => to.MapFrom(stored => stored.Draft.Period.ToString()))
            .ForMember(wire => wire.BusinessKey, to => to.MapFrom(stored => stored.Draft.BusinessKey))
            .ForMember(wire => wire.ExpectedFen, to => MapAmount(to, stored => stored.Draft.Expected))
            .ForMember(wire => wire.ActualFen, to => MapAmount(to, stored => stored.Draft.Actual))
            .ForMember(wire => wire.GapFen, to => MapAmount(to, stored => stored.Draft.Gap))
            .ForMember(wire => wire.EstimatedTaxFen, to => MapAmount(to, stored => stored.Draft.EstimatedTax))
            .ForMember(wire => wire.LateFeeFen, to => MapAmount(to, stored => stored.Draft.LateFee))
            .ForMember(wire => wire.Confidence, to => to.MapFrom(stored => stored.Draft.Confidence.ToString("0.000", CultureInfo.InvariantCulture)))
            .ForMember(wire => wire.SingleSource, to => to.MapFrom(stored => stored.Draft.SingleSource))
            .ForMember(wire => wire.Title, to => to.MapFrom(stored => stored.Draft.Title))
            .ForMember(wire => wire.DissolvesIf, to => to.MapFrom(stored => stored.Draft.DissolvesIf))
            .ForMember(wire => wire.Arithmetic, to => to.MapFrom(stored => stored.Draft.Arithmetic))
            .ForMember(wire => wire.Evidence, to => to.MapFrom(stored => stored.Evidence));
    }

    /// <summary>An amount the model did not state stays unset on the wire: it is not zero.</summary>
    private static void MapAmount(IMemberConfigurationExpression<StoredFinding, Wire.Finding, long> to, Func<StoredFinding, Money?> amount)
    {
        to.PreCondition(stored => amount(stored) is not null);
        to.MapFrom((stored, _) => amount(stored)!.Value.Fen);
    }
}
