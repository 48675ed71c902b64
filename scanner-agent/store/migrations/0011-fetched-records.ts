/**
 * Records that were entered at another station, fetched for the person who is logged in: `fetched` 1. They are copies of what the
 * server has: replaced whole whenever it tells of them, and erased when the session ends, whatever state they are in.
 */
export const fetchedRecords = `
alter table record add column fetched integer not null default 0;

drop trigger record_moves;
create trigger record_moves before update of state on record
when new.state <> old.state and old.fetched = 0
  and not exists (select 1 from record_move where from_state = old.state and to_state = new.state)
begin select raise(abort, 'ILLEGAL_MOVE'); end;
drop trigger record_content_frozen;
create trigger record_content_frozen before update of content_sha on record
when new.content_sha <> old.content_sha and old.fetched = 0
  and not exists (select 1 from record_state where state = old.state and may_change)
  and not exists (select 1 from to_lift where owner = 'record' and id = old.id)
begin select raise(abort, 'CONTENT_FROZEN'); end;
drop trigger record_deleted_only_before_submission;
create trigger record_deleted_only_before_submission before update of deleted_at on record
when new.deleted_at is not null and old.fetched = 0
  and not exists (select 1 from record_state where state = old.state and may_go)
begin select raise(abort, 'ILLEGAL_MOVE'); end;
drop trigger record_erased_stays;
create trigger record_erased_stays before update of deleted_at on record
when old.deleted_at is not null and new.deleted_at is not old.deleted_at and old.fetched = 0
begin select raise(abort, 'ILLEGAL_MOVE'); end;
create trigger record_stays_fetched_or_own before update of fetched on record
when new.fetched <> old.fetched
begin select raise(abort, 'ILLEGAL_MOVE'); end;
drop trigger record_operation_stays;
create trigger record_operation_stays before delete on record_operation
when not exists (select 1 from record where id = old.record_id and (deleted_at is not null or fetched = 1))
begin select raise(abort, 'LOG_IS_APPENDED'); end;
`;
