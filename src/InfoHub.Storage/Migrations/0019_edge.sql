-- From where a client has signed in before: there its right secret is never refused for others' wrong ones.
create table hub.client_address (
    client text not null,
    address inet not null,
    last_used timestamptz not null,
    primary key (client, address)
);

-- A signed-in session of the console. The key lies in the browser's cookie; here only its hash does.
create table hub.console_session (
    key_hash bytea primary key,
    consumer text not null,
    region text not null,
    started timestamptz not null,
    expires timestamptz not null
);
create index console_session_expires on hub.console_session (expires);
