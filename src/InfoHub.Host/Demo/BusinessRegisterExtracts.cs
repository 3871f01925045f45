namespace InfoHub.Host.Demo;

/// <summary>SCJG-01: the whole register in the first month, later what was newly registered.</summary>
internal sealed class EstablishmentExtract(City city) : Extract(city)
{
    private readonly byte[] _number = new byte[15];
    private readonly byte[] _phone = new byte[11];

    public override string Item => "SCJG-01";

    public override SheetStyle Style => new(ChineseHeader: true, Comma, ByteOrderMark: true, CarriageReturn: true);

    protected override string Columns =>
        """
        统一社会信用代码:uscc 注册号:reg_no 企业(字号)名称:ent_name 市场主体类型:ent_type
        法定代表人/负责人/经营者姓名:legal_rep_name 法定代表人证件类型:legal_rep_id_type 法定代表人证件号码:legal_rep_id_no
        联系电话:phone 住所(经营场所):address 住所行政区划:region_code 街道乡镇代码:town_code 行业代码:industry_code
        经营范围:biz_scope 注册资本(万元):reg_capital_wan 注册资本币种:currency 成立日期:est_date 核准日期:approve_date
        经营期限止:valid_to 登记机关:reg_authority 登记状态:reg_status 隶属企业统一社会信用代码:parent_uscc
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (party.Join != month || !Lifecycle.InBusinessRegister(party))
                continue;
            Compose(sheet, party, month);
            sheet.End();
            first = first < 0 ? party.Index : first;
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month)
    {
        var (town, established) = (Book.TownOf(party), Book.Established(party));
        Uscc(sheet, party);
        RegistrationNumber(sheet, party);
        Name(sheet, party);
        sheet.Text(TypeOf(party));
        sheet.Text(Book.Representative(party));
        sheet.Text(Codes.IdCard);
        CitizenId(sheet, party);
        Phone(sheet, party);
        Address(sheet, party);
        sheet.Text(town.District);
        sheet.Text(town.Code);
        sheet.Text(PartyBook.IndustryOf(party));
        Scope(sheet, party);
        Capital(sheet, party);
        sheet.Date(established);
        sheet.Date(established);
        sheet.Date(party.Index % 4 == 0 ? established.AddYears(30) : null);
        sheet.Text($"{Places.City}市{town.DistrictName}市场监督管理局");
        sheet.Text(City.Lifecycle.RegisterStatus(party));
        sheet.Text(Book.ParentUscc(party));
    }

    private static string TypeOf(in Party party) => party.Group switch
    {
        PartyGroup.Shop => Codes.SoleTrader,
        PartyGroup.Cooperative => Codes.Cooperative,
        PartyGroup.Branch or PartyGroup.ChainStore => Codes.BranchOffice,
        _ => Codes.LimitedCompany,
    };

    /// <summary>Older 个体户 still have their 15-digit number.</summary>
    private void RegistrationNumber(CsvSheet sheet, in Party party)
    {
        if (party.Group != PartyGroup.Shop || party.Index % 5 != 0)
        {
            sheet.Blank();
            return;
        }
        System.Text.Encoding.ASCII.GetBytes(Book.TownOf(party).District, _number);
        Codes.WriteDigits(_number.AsSpan(6, 8), 60_000_000L + party.Index);
        _number[14] = Templates.Vocabulary.RegistrationNumber.CheckDigit(_number.AsSpan(0, 14));
        sheet.Ascii(_number);
    }

    private void Phone(CsvSheet sheet, in Party party)
    {
        if (party.Index % 10 == 3)
        {
            sheet.Blank();
            return;
        }
        Book.WritePhone(party, _phone);
        sheet.Ascii(_phone);
    }

    private void Scope(CsvSheet sheet, in Party party)
    {
        var scope = Book.Scope(party);
        sheet.Text(Dice.Below(100, party.Index, Salt.Scope) switch
        {
            < 10 => $"许可项目：{scope}。\n一般项目：日用品销售,\"即时\"配送服务。",
            < 20 => $"{scope}（依法须经批准的项目,经相关部门批准后方可开展经营活动）",
            _ => scope,
        });
    }

    private void Capital(CsvSheet sheet, in Party party)
    {
        if (party.Group is PartyGroup.Branch or PartyGroup.ChainStore)
        {
            Blanks(sheet, 2);
            return;
        }
        sheet.Number(Dice.Between(1, 100, party.Index, Salt.Capital) * (party.Group == PartyGroup.Shop ? 1 : 10));
        sheet.Text("156");
    }
}

/// <summary>SCJG-03: cancellations, revocations, abnormal listings and what lifts them.</summary>
internal sealed class RegisterEventExtract(City city) : Extract(city)
{
    public override string Item => "SCJG-03";

    public override SheetStyle Style => new(ChineseHeader: true, Comma, ByteOrderMark: false, CarriageReturn: false);

    protected override string Columns =>
        """
        统一社会信用代码:uscc 企业名称:ent_name 事件类型:event_type 事件日期:event_date 原因:reason 决定文书号:doc_no
        注销方式:cancel_mode 清税证明编号:tax_clear_no 作出机关:authority
        """;

    public override int Write(CsvSheet sheet, int month)
    {
        var first = -1;
        foreach (ref readonly var party in City.Population.All)
        {
            if (party.Behaviour == Behaviour.Clean)
                continue;
            foreach (var happening in City.Lifecycle.Events(party))
            {
                if (happening.FileMonth != month)
                    continue;
                Compose(sheet, party, happening);
                sheet.End();
                first = first < 0 ? party.Index : first;
            }
        }
        return first;
    }

    public override void Compose(CsvSheet sheet, in Party party, int month)
    {
        var events = City.Lifecycle.Events(party).Where(e => e.FileMonth == month).ToArray();
        var listed = Calendar[month].Start.AddDays(party.Index % 20);
        Compose(sheet, party, events.Length > 0 ? events[0] : new RegisterEvent(Codes.AbnormalListed, listed, month));
    }

    private void Compose(CsvSheet sheet, in Party party, RegisterEvent happening)
    {
        var cancelled = happening.Type == Codes.Cancellation;
        Uscc(sheet, party);
        Name(sheet, party);
        sheet.Text(happening.Type);
        sheet.Date(happening.Date);
        sheet.Text(ReasonOf(happening.Type));
        sheet.Text($"武市监〔{happening.Date.Year}〕{party.Index + 1}号");
        sheet.Text(cancelled ? party.Index % 3 == 0 ? "2" : "1" : "");
        sheet.Text(cancelled && party.Index % 2 == 0 ? $"武税清{happening.Date.Year}{party.Index:000000}" : "");
        sheet.Text($"{Places.City}市{Book.TownOf(party).DistrictName}市场监督管理局");
    }

    private static string ReasonOf(string type) => type switch
    {
        Codes.Cancellation => "决议解散",
        Codes.Revocation => "成立后无正当理由超过六个月未开业，或开业后自行停业连续六个月以上",
        Codes.AbnormalListed => "通过登记的住所(经营场所)无法联系",
        Codes.AbnormalLifted => "已变更住所,申请移出",
        _ => "吊销决定已撤销",
    };
}
