-- Whose row it is, decided again whenever the register changes. A row stands here once per distinct identity and item.
create table hub.open_row (
    number bigint generated always as identity,
    identity uuid not null,
    item text not null,
    own_party bigint not null,                      -- what it stands for while nobody else is named
    coded_party bigint,                             -- whom its codes name
    party bigint not null,                          -- whose it is now
    source_alias text not null,                     -- the alias that founded own_party
    name text not null,
    person text not null,
    address text not null,
    region text not null,
    codes text not null,
    first_period int not null,
    keys bigint[] not null,                         -- a register entry with one of these may be its own
    waiting boolean not null default true,
    outcome smallint not null default 0,            -- 0: not judged yet
    step smallint not null default 0,
    entry bigint,
    probability real not null default 0,
    second bigint,
    second_probability real not null default 0,
    nobody real not null default 0,
    model text not null default '',
    register_version bigint not null default 0,
    decided_at timestamptz,
    explanation jsonb,
    primary key (identity, item)
);
create index open_row_waiting on hub.open_row (number) where waiting;
create index open_row_keys on hub.open_row using gin (keys);
create index open_row_party on hub.open_row (party);
create index open_row_own on hub.open_row (own_party);
create index open_row_entry on hub.open_row (entry) where entry is not null;

-- Parties whose entry in a register may have changed, in the order of the commits (the resolution lock is held).
create table hub.register_change (
    number bigint generated always as identity primary key,
    party bigint not null
);
create table hub.link_progress (
    one boolean primary key default true check (one),
    register_version bigint not null,
    model text not null,
    weights_version bigint not null,                -- of the register whose words were counted
    weights bytea,                                  -- so that every host weighs words alike
    passes bigint not null                          -- a host that missed one reads anew what it holds in memory
);
insert into hub.link_progress values (true, 0, '', 0, null, 0);

-- What became of parties without a code: merges and splits of those that are the same operator, links and unlinks.
create table hub.party_event (
    number bigint generated always as identity primary key,
    at timestamptz not null,
    kind text not null,                             -- join, leave, link, unlink
    party bigint not null,
    other bigint not null,
    identity uuid not null,
    item text not null
);
create index party_event_party on hub.party_event (party);
insert into hub.register_change (party) select id from hub.party where founded_by < 7 and merged_into is null;
