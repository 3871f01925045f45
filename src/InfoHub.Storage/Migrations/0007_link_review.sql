-- What officers say of rows and the entries they may be. A ruling is undone by a later one, never changed.
create table hub.link_ruling (
    number bigint generated always as identity primary key,
    identity uuid not null,
    item text not null,
    party bigint not null,                          -- the entry it is about
    officer text not null,
    verdict smallint not null,                      -- 1 same, 2 different, 3 not sure
    reason text not null,
    at timestamptz not null,
    needs_second boolean not null,
    audit bigint                                    -- given blind, for this sample: it measures and decides nothing
);
create index link_ruling_row on hub.link_ruling (identity, item, number);
create index link_ruling_audit on hub.link_ruling (audit, number) where audit is not null;
create function hub.refuse_change() returns trigger language plpgsql as
    'begin raise exception ''rulings are kept as they were given''; end';
create trigger link_ruling_kept before update or delete on hub.link_ruling execute function hub.refuse_change();

alter table hub.open_row
    add ruling bigint not null default 0,           -- the last ruling that bears on the row
    add ruled_party bigint,
    add ruled_out bigint[] not null default '{}',
    add awaits_second boolean not null default false,
    add is_unsure boolean not null default false,
    add is_disputed boolean not null default false, -- whoever looked at it blind said otherwise
    add branch text not null default '',            -- division whose officers see it
    add interest bigint not null default 0,         -- yuan of business a year that hang on it
    add resolves int not null default 1,            -- rows that one ruling places
    add priority bigint not null default 0,
    add in_queue boolean not null generated always as
        ((outcome in (2, 3) and ruled_party is null) or awaits_second or is_disputed) stored;
create unique index open_row_number on hub.open_row (number);
-- The order of the queue; see LinkQueue.
create index open_row_queue on hub.open_row (is_unsure, (-priority), number) where in_queue;
create index open_row_source on hub.open_row (source_alias);

-- A sample of decisions that officers judge without seeing them.
create table hub.link_audit (
    number bigint generated always as identity primary key,
    identity uuid not null,
    item text not null,
    band smallint not null,                         -- outcome of the decision: 1 link, 3 review, 4 none
    party bigint not null,                          -- the entry that is shown
    probability real not null,
    model text not null,
    seed int not null,
    drawn_at timestamptz not null
);
create index link_audit_row on hub.link_audit (identity, item);

-- Weights fitted to the rows of one department, with what they were measured to do.
create table hub.link_model (
    department text not null,
    version text not null,
    lines text not null,
    labelled int not null,
    figures jsonb not null,
    is_active boolean not null default false,
    made_at timestamptz not null,
    primary key (department, version)
);
create unique index link_model_active on hub.link_model (department) where is_active;
