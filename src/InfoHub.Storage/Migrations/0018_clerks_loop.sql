-- What a clerk needs to find a row again and to account for one that is not sent again.
alter table hub.submission
    add column header_row bigint not null default 0;        -- row of a spreadsheet the header stood in; data row n is n below

-- Rows of the base that are not sent again for a reason: settled, and still doubts about whom they name.
alter table hub.mended_row
    add column dropped boolean not null default false;
alter table hub.rejected_row
    add column dropped boolean not null default false;

-- The same check rejects in one column and only warns in another.
alter table hub.error_total
    add column rejects boolean not null default true;
