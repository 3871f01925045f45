-- Work that several hosts can begin: who has it, until when, under which fence; see Claims/ClaimStore.cs.
create sequence hub.claim_fence;
create table hub.claim (
    work text primary key,                          -- check:17, sweep, log-cut
    fence bigint not null,
    owner text not null,
    until timestamptz not null
);

-- Whose key encrypts the rest of these: a fingerprint, never the key. One row.
create table hub.master_key (
    only_one boolean primary key default true check (only_one),
    fingerprint text not null,
    made_at timestamptz not null default now()
);
-- Secrets that all hosts share, each encrypted under the master key.
create table hub.sealed_secret (
    name text primary key,
    sealed bytea not null,
    made_at timestamptz not null default now()
);
-- Public keys that receipts of this hub are checked with; at most one of them signs.
create table hub.receipt_key (
    key_id text primary key,
    public_key bytea not null,
    is_retired boolean not null default false
);
create unique index receipt_key_current on hub.receipt_key (is_retired) where not is_retired;
-- Clients that the built-in authority has made, by the hash of their secret.
create table hub.made_client (
    client text primary key,
    secret_hash text not null,
    made_at timestamptz not null default now()
);

-- Where uploads lie, and when a host last used it.
create table hub.spool (
    only_one boolean primary key default true check (only_one),
    id uuid not null,
    place text not null,
    used_at timestamptz not null
);

alter table hub.record_log add column appended_at timestamptz not null default now();
