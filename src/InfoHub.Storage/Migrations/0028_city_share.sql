-- What evaluation said of the 医保占比 of each provider; null: it is compared, and no member of the median.
create table hub.provider_share (
    party bigint not null,
    provider_type text not null,
    year int not null,
    share numeric,
    primary key (party, provider_type, year)
);
create index provider_share_type on hub.provider_share (provider_type, year);

-- A mark that shares have changed since the medians were made. No key: who judges a provider waits for nobody.
create table hub.provider_share_due (party bigint not null);

-- The medians that findings are made with, and what they would be now.
create table hub.city_share (
    provider_type text not null,
    year int not null,
    members int not null,
    median numeric not null,
    primary key (provider_type, year)
);
create view hub.city_share_now as
    select s.provider_type, s.year, count(*)::int as members,
        round(percentile_cont(0.5) within group (order by s.share)::numeric, 4) as median
    from hub.provider_share s join hub.party p on p.id = s.party and p.merged_into is null
    where s.share is not null group by s.provider_type, s.year;
