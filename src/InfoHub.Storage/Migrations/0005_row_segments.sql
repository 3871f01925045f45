-- Nodes of the row tree over 4096 stored rows each, so that a proof need not read all rows. Submissions that landed
-- before have none.
create table hub.row_segment (
    submission bigint not null,
    number int not null,
    first_row int not null,                         -- number of its first row in the file
    node bytea,                                     -- null while rows are still to come
    primary key (submission, number)
);
