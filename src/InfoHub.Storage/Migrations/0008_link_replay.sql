-- The registers as linking has known them, version by version, so that any decision can be made again as of its day.
create table hub.register_face (
    party bigint not null,
    name text not null,
    person text not null,
    address text not null,
    region text not null,
    codes text not null,
    since bigint not null,                          -- the first version of the register that has it
    until bigint                                    -- the first that no longer has it
);
create index register_face_party on hub.register_face (party);

-- What words told, as counted in the register of a version, and the city of those that name none.
create table hub.register_weighing (
    version bigint primary key,
    home_city text not null,
    weights bytea not null
);

-- What rows were decided with: weights and bands, and the release of the engine that read them.
create table hub.link_basis (
    id text primary key,                            -- made from the rest
    engine int not null,
    model text not null,
    lines text not null,
    bands real[] not null
);

-- What a decision was made of beside the register: what was known of the row's code, and what officers had said.
alter table hub.open_row
    add basis text not null default '',
    add weights_version bigint not null default 0,
    add as_coded bigint,
    add as_ruled bigint,
    add as_ruled_out bigint[] not null default '{}';

-- Decisions that gave way to another. One that was only made again stands in open_row as it was made last.
create table hub.past_decision (
    number bigint generated always as identity primary key,
    identity uuid not null,
    item text not null,
    outcome smallint not null,
    step smallint not null,
    entry bigint,
    probability real not null,
    second bigint,
    second_probability real not null,
    nobody real not null,
    model text not null,
    basis text not null,
    register_version bigint not null,
    weights_version bigint not null,
    as_coded bigint,
    as_ruled bigint,
    as_ruled_out bigint[] not null,
    decided_at timestamptz not null,
    until timestamptz not null
);
create index past_decision_row on hub.past_decision (identity, item, number);

-- What was decided before the register was kept is decided again.
alter table hub.link_progress drop column weights;
update hub.link_progress set register_version = 0, weights_version = -1;  -- never counted
