-- What a fault of ours keeps from being worked is set aside, so that the rest goes on; see ParkedWork.
alter table hub.parked_record
    add column submission bigint,                   -- null: the record cannot be read
    add column partitions int,                      -- of its log: an unreadable one may be of any submission of its own
    add column retry boolean not null default false;
create index parked_record_submission on hub.parked_record (submission);

create table hub.parked_submission (                -- stored, and cannot be resolved: it is no coverage
    submission bigint primary key references hub.submission,
    reason text not null,
    parked_at timestamptz not null,
    retry boolean not null default false
);
create table hub.parked_row (                       -- cannot be linked: it stays where it was
    identity uuid not null,
    item text not null,
    reason text not null,
    parked_at timestamptz not null,
    primary key (identity, item)
);

-- One model that fails on a party stops no other model; '' stands for all of them.
alter table hub.parked_party drop constraint parked_party_pkey, add primary key (party, model);

-- Stages that fail on something that could not be set aside.
create table hub.stage_fault (
    stage text primary key,
    tries int not null,
    reason text not null,
    since timestamptz not null
);
