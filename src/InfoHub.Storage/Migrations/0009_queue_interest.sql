-- The factors by which the queue was ranked last: other ones rank it again.
alter table hub.link_progress add interest text not null default '';
