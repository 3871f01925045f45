-- The registers as an officer searches them: every wording in force, found by pairs of its characters.
alter table hub.register_face add number bigint generated always as identity;
create unique index register_face_number on hub.register_face (number);
create index register_face_gone on hub.register_face (until) where until is not null;
create table hub.register_search (
    face bigint primary key,                        -- number of the wording
    grams int[] not null                            -- see SearchGrams
);
create index register_search_grams on hub.register_search using gin (grams);

-- The last wording that can be searched.
alter table hub.link_progress add searchable bigint not null default 0;

alter table hub.open_row
    add ruled_nobody bigint,                        -- the register as it was when officers found it not to have the row
    add as_ruled_nobody bigint,
    add stratum smallint not null generated always as (case when outcome = 4
        and coalesce(jsonb_array_length(explanation->'candidates'), 0) = 0 then 5 else outcome end) stored;
alter table hub.past_decision add as_ruled_nobody bigint;

-- party 0: a verdict about the row alone. Bands of samples: 1 link, 2 ambiguous, 3 review, 4 none, 5 none, and
-- nothing was compared with the row; party 0 there.
alter table hub.link_audit add branch text not null default '';
update hub.link_audit a set branch = o.branch from hub.open_row o where o.identity = a.identity and o.item = a.item;
