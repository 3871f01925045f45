-- Coverage is what has been resolved, in the order of resolution. A waiting party remembers how far coverage was when it was
-- judged, so that whatever came since wakes it, however the two transactions overlapped.
create sequence hub.resolved_sequence;
alter table hub.submission add column resolved_number bigint;
alter table hub.submission add column period_end date;
update hub.submission set resolved_number = nextval('hub.resolved_sequence') where resolved;
create index submission_resolved on hub.submission (item, resolved_number) where resolved_number is not null;
alter table hub.awaiting add column seen bigint not null default 0;
