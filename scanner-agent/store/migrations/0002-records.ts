/**
 * Records, their operation log and the pages they name. `body` is encrypted; the columns beside it are what lists and
 * rules need. Triggers hold what no code may break: legal moves, frozen content, an append-only log, nothing deleted.
 */
export const records = `
create table blob (
  sha text primary key,
  size integer not null,
  mime text not null,
  stored_at text not null
) strict, without rowid;

create table record (
  id text primary key,
  programme text not null,
  kind text not null,
  role text not null,
  credit_code text not null,
  state text not null,
  revision integer not null,
  content_sha text not null,
  created_at text not null,
  updated_at text not null,
  deleted_at text,
  body blob not null
) strict, without rowid;
create index record_of_subject on record (credit_code, programme, kind, created_at);

create table record_operation (
  record_id text not null references record (id),
  n integer not null,
  body blob not null,
  primary key (record_id, n)
) strict, without rowid;

create table record_blob (
  record_id text not null references record (id),
  sha text not null references blob (sha),
  primary key (record_id, sha)
) strict, without rowid;
create index record_blob_by_sha on record_blob (sha);

create table record_move (from_state text, to_state text, primary key (from_state, to_state)) strict, without rowid;
insert into record_move values
  ('draft', 'saved'), ('draft', 'submitted'), ('saved', 'draft'), ('saved', 'submitted'),
  ('submitted', 'stored'), ('submitted', 'rejected'), ('stored', 'superseded'),
  ('rejected', 'draft'), ('rejected', 'saved'), ('rejected', 'superseded');

create trigger record_moves before update of state on record
when new.state <> old.state
  and not exists (select 1 from record_move where from_state = old.state and to_state = new.state)
begin select raise(abort, 'ILLEGAL_MOVE'); end;
create trigger record_content_frozen before update of content_sha on record
when new.content_sha <> old.content_sha and old.state not in ('draft', 'saved', 'rejected')
begin select raise(abort, 'CONTENT_FROZEN'); end;
create trigger record_deleted_only_before_submission before update of deleted_at on record
when new.deleted_at is not null and old.state not in ('draft', 'saved')
begin select raise(abort, 'ILLEGAL_MOVE'); end;
create trigger record_stays before delete on record
begin select raise(abort, 'RECORD_STAYS'); end;
create trigger record_operation_unchanged before update on record_operation
begin select raise(abort, 'LOG_IS_APPENDED'); end;
create trigger record_operation_stays before delete on record_operation
begin select raise(abort, 'LOG_IS_APPENDED'); end;
`;
