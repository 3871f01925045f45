-- The whole submission protocol: operations, declared and found layout, control sums, signed receipts, mended rows.
alter table hub.submission
    add column operation smallint not null default 1,       -- increment
    add column base bigint references hub.submission,       -- of a correction or of mended rows
    add column encoding smallint not null default 0,        -- declared; 0: to be found out
    add column sheet text not null default '',
    add column is_test boolean not null default false,
    add column manifest jsonb,                              -- what the sender counted
    add column columns text[] not null default '{}',        -- titles as they came
    add column delimiter text not null default ',',
    add column sums jsonb not null default '[]',
    add column landed_state bytea,                          -- tree and sums of what has landed so far
    add column rows_mended bigint not null default 0,
    add column superseded_by bigint references hub.submission,
    add column withdrawn_reason text not null default '';
create index submission_period on hub.submission (item, period, sequence);
create index submission_base on hub.submission (base) where base is not null;

alter table hub.receipt
    add column signature bytea not null default '',
    add column key_id text not null default '';

alter table hub.rejected_row
    add column mended_by bigint,
    add column origin int not null default 0;               -- mended again: the row of the base it came from

-- Rows of a base that accepted rows of a mending submission stand for; applied when that one becomes visible.
create table hub.mended_row (
    submission bigint not null references hub.submission,
    origin int not null,
    primary key (submission, origin)
);
