-- One check may reject one row and warn of another in the same column; each is counted for what it did.
alter table hub.error_total
    drop constraint error_total_pkey,
    add primary key (submission, code, field, rejects);
