-- The hub's own tables. Fact tables (schema facts) are made from the templates, one per item: see Landing/FactTable.cs.
create schema hub;
create schema facts;

create table hub.template (
    item text not null,
    version int not null,
    odcs_yaml text not null,
    sha256 bytea not null,
    primary key (item, version)
);

create table hub.rule_set (
    version text primary key,
    content text not null,
    first_used_at timestamptz not null
);

create table hub.submission (
    id bigint generated always as identity primary key,
    ref text not null unique,                       -- GD-01.v1.202503.1
    department text not null,
    item text not null,
    version int not null,
    period int not null,
    sequence int not null,
    sha256 bytea not null,
    size_bytes bigint not null,
    format smallint not null,
    file_name text not null,
    state smallint not null,
    upload_epoch bigint not null default 0,
    rows_received bigint not null default 0,
    rows_rejected bigint not null default 0,
    rows_accepted bigint not null default 0,
    rows_stored bigint not null default 0,
    envelopes_landed int not null default 0,
    resolved boolean not null default false,
    problems jsonb not null default '[]',
    opened_at timestamptz not null,
    changed_at timestamptz not null,
    unique (department, item, version, period, sequence)
);
create index submission_unfinished on hub.submission (state) where state in (3, 4, 6, 8);
create index submission_coverage on hub.submission (item, period) where state in (8, 9);

create table hub.error_total (
    submission bigint not null references hub.submission,
    code text not null,
    field text not null,
    count bigint not null,
    primary key (submission, code, field)
);

create table hub.row_error (
    submission bigint not null,
    row int not null,
    number smallint not null,
    field text not null,
    code text not null,
    disposition smallint not null,
    row_key text not null,
    observed text not null,
    expected text not null,
    primary key (submission, row, number)
);

-- Rejected rows as they came; name and code let the models see that a register entry is in doubt, not absent.
create table hub.rejected_row (
    submission bigint not null,
    row int not null,
    item text not null,
    raw text not null,
    name_key text,
    code_key text,
    primary key (submission, row)
);
create index rejected_row_name on hub.rejected_row (name_key, item) where name_key is not null;
create index rejected_row_code on hub.rejected_row (code_key, item) where code_key is not null;

create table hub.receipt (
    submission bigint not null references hub.submission,
    kind smallint not null,
    body text not null,
    hash bytea not null,
    previous_hash bytea not null,
    primary key (submission, kind)
);

-- The embedded record log: positions are given out under the lock of the head row, so they commit in order.
create table hub.record_log_head (
    partition smallint primary key,
    next bigint not null
);
create table hub.record_log (
    partition smallint not null,
    position bigint not null,
    content bytea not null,
    primary key (partition, position)
);
alter table hub.record_log alter column content set storage external;

-- Where landing goes on, per log and partition. The truth about positions is here, never in a broker.
create table hub.log_position (
    log text not null,
    partition smallint not null,
    next bigint not null,
    primary key (log, partition)
);
create table hub.parked_record (
    log text not null,
    partition smallint not null,
    position bigint not null,
    reason text not null,
    content bytea not null,
    parked_at timestamptz not null,
    primary key (log, partition, position)
);

create table hub.party (
    id bigint primary key,
    uscc text,
    name text not null,
    founded_by smallint not null,                   -- alias kind
    region_code text not null default '',
    town_code text not null default '',
    merged_into bigint references hub.party
);
create index party_name on hub.party (name text_pattern_ops);
create index party_uscc on hub.party (uscc);
create table hub.party_alias (
    kind smallint not null,
    value text not null,
    party bigint not null references hub.party,
    valid_from date not null,
    valid_to date,
    source text not null,
    primary key (kind, value)
);
create index party_alias_party on hub.party_alias (party);

-- One decision per distinct identity (the identifying cells of a row, hashed), not per row.
create table hub.link (
    identity uuid not null,
    item text not null,
    party bigint not null references hub.party,
    decision smallint not null,
    step text not null,
    score numeric(6,5) not null,
    parts jsonb not null,
    primary key (identity, item)
);
create index link_party on hub.link (party);

-- Parties whose facts changed and that are still to be evaluated. version rises with each touch.
create table hub.touched (
    party bigint primary key,
    version bigint not null,
    submission bigint not null
);
create index touched_submission on hub.touched (submission);
create table hub.awaiting (
    item text not null,
    period_end date not null,
    party bigint not null,
    primary key (item, period_end, party)
);
create index awaiting_party on hub.awaiting (party);
create table hub.revisit (
    party bigint primary key,
    due date not null
);
create index revisit_due on hub.revisit (due);

create table hub.finding (
    id text primary key,
    model text not null,
    model_version int not null,
    rule_set text not null,
    party bigint not null references hub.party,
    period int not null,
    period_end date not null,
    business_key text not null,
    state smallint not null,
    expected_fen bigint,
    actual_fen bigint,
    gap_fen bigint,
    estimated_tax_fen bigint,
    late_fee_fen bigint,
    confidence numeric(4,3) not null,
    single_source boolean not null,
    region_code text not null,
    town_code text not null,
    title text not null,
    dissolves_if text not null,
    arithmetic jsonb not null,
    evidence jsonb not null,
    found_at timestamptz not null,
    changed_at timestamptz not null,
    unique (party, model, business_key)
);
create index finding_open on hub.finding (region_code text_pattern_ops, model, period) where state in (1, 2, 3, 6);
create index finding_order on hub.finding (gap_fen desc nulls last, id) where state in (1, 2, 3, 6);

-- Parties on whose dossier a model failed: a fault of ours, kept apart so that nobody else waits for it.
create table hub.parked_party (
    party bigint primary key,
    model text not null,
    reason text not null,
    parked_at timestamptz not null
);
