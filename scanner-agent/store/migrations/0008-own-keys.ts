/**
 * A key of its own for every record and stack (store/own-keys.ts). `to_lift` holds what is still encrypted with the station's
 * key: the opening rewrites those rows, which the triggers allow them alone. Whose a row is stands there as a tag that only the
 * station can compute. A deleted draft's log may go. Drafts are aged from here on: those of the time before count from now.
 */
export const ownKeys = `
create table to_lift (owner text not null, id text not null, primary key (owner, id)) strict, without rowid;
insert into to_lift select 'record', id from record;
insert into to_lift select 'stack', id from stack;
alter table record rename column credit_code to subject_tag;
alter table stack rename column credit_code to subject_tag;

create table draft_age (only integer primary key check (only = 1), counted_from text not null) strict;
insert into draft_age values (1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));

drop trigger record_content_frozen;
create trigger record_content_frozen before update of content_sha on record
when new.content_sha <> old.content_sha and old.state not in ('draft', 'saved', 'rejected')
  and not exists (select 1 from to_lift where owner = 'record' and id = old.id)
begin select raise(abort, 'CONTENT_FROZEN'); end;
create trigger record_erased_stays before update of deleted_at on record
when old.deleted_at is not null and new.deleted_at is not old.deleted_at
begin select raise(abort, 'ILLEGAL_MOVE'); end;
drop trigger record_operation_unchanged;
create trigger record_operation_unchanged before update on record_operation
when not exists (select 1 from to_lift where owner = 'record' and id = old.record_id)
begin select raise(abort, 'LOG_IS_APPENDED'); end;
drop trigger record_operation_stays;
create trigger record_operation_stays before delete on record_operation
when not exists (select 1 from record where id = old.record_id and deleted_at is not null)
begin select raise(abort, 'LOG_IS_APPENDED'); end;
drop trigger item_payload_unchanged;
create trigger item_payload_unchanged before update of payload on item
when new.payload <> old.payload and not (new.state = 'purged' and length(new.payload) = 0)
  and not exists (select 1 from to_lift where owner = 'record' and id = old.record_id)
begin select raise(abort, 'ITEM_FROZEN'); end;
`;
