-- A rejected row of a return or payment is known by its registration key alone.
alter table hub.rejected_row add registration_key text;

-- Whether everybody whom the rejected rows of a submission put in doubt has been judged again.
alter table hub.submission add doubts_told boolean not null default false;
create index submission_doubts on hub.submission (item) where not doubts_told;

-- A head office is judged again when a branch is; that goes no further.
alter table hub.touched add by_branch boolean not null default false;

-- What a model cannot judge of a party, and what it needs for it.
create table hub.unjudged (
    party bigint not null,
    model text not null,
    needs text not null,
    primary key (party, model, needs)
);
