-- A rejected row of a return or payment is known by its registration key alone.
alter table hub.rejected_row add registration_key text;

-- Whether everybody whom the rejected rows of a submission put in doubt has been judged again.
alter table hub.submission add doubts_told boolean not null default false;
create index submission_doubts on hub.submission (item) where not doubts_told;

-- A head office is judged again when a branch is; that goes no further. Who judges a branch leaves a mark here and waits
-- for nobody: the head office may be in the hands of another, who has read the branch as it was.
alter table hub.touched add by_branch boolean not null default false;
create table hub.branch_change (
    party bigint not null                           -- the head office
);

-- What a model cannot judge of a party, and what it needs for it.
create table hub.unjudged (
    party bigint not null,
    model text not null,
    needs text not null,
    primary key (party, model, needs)
);
