/**
 * What the triggers need of a record's life. Its rows come from the table of the domain at every opening (seed-lifecycle.ts):
 * nothing of that table is written down here, so that a change of it needs no further migration.
 */
export const lifecycle = `
create table record_state (
  state text primary key,
  may_change integer not null,
  may_go integer not null
) strict, without rowid;

drop trigger record_content_frozen;
create trigger record_content_frozen before update of content_sha on record
when new.content_sha <> old.content_sha
  and not exists (select 1 from record_state where state = old.state and may_change)
  and not exists (select 1 from to_lift where owner = 'record' and id = old.id)
begin select raise(abort, 'CONTENT_FROZEN'); end;
drop trigger record_deleted_only_before_submission;
create trigger record_deleted_only_before_submission before update of deleted_at on record
when new.deleted_at is not null and not exists (select 1 from record_state where state = old.state and may_go)
begin select raise(abort, 'ILLEGAL_MOVE'); end;
`;
