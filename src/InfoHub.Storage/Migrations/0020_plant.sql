-- The record log is written once, read once and cut in large pieces: its room is given back within minutes, by the
-- server itself, since the hub's role owns no table and may not vacuum.
alter table hub.record_log set (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_cost_delay = 0,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000);

-- What a department has not finished is counted at each Open.
create index submission_share on hub.submission (department) where state <= 2;
