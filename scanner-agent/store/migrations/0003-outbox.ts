/** What goes to the server. `seq` is never used twice, also not after a row was deleted (autoincrement). */
export const outbox = `
create table item (
  seq integer primary key autoincrement,
  id text not null unique,
  kind text not null,
  record_id text not null references record (id),
  schema_version integer not null,
  payload blob not null,
  payload_sha text not null,
  manifest_sha text not null,
  state text not null default 'ready',
  attempts integer not null default 0,
  last_error text,
  last_detail text,
  receipt text,
  received_at text,
  created_at text not null
) strict;
create index item_by_state on item (state, seq);
create index item_of_record on item (record_id, seq);

create table item_blob (
  item_id text not null references item (id),
  ord integer not null,
  role text not null,
  sha text not null,
  size integer not null,
  mime text not null,
  done integer not null default 0,
  primary key (item_id, ord)
) strict, without rowid;
create index item_blob_by_sha on item_blob (sha);

create table event (
  n integer primary key autoincrement,
  item_id text not null,
  at_wall text not null,
  from_state text,
  to_state text not null,
  detail text
) strict;

create table item_move (from_state text, to_state text, primary key (from_state, to_state)) strict, without rowid;
insert into item_move values
  ('ready', 'uploading'), ('ready', 'committing'), ('ready', 'accepted'), ('ready', 'rejected'), ('ready', 'parked'),
  ('uploading', 'ready'), ('uploading', 'committing'), ('uploading', 'accepted'), ('uploading', 'rejected'),
  ('uploading', 'parked'),
  ('committing', 'ready'), ('committing', 'uploading'), ('committing', 'accepted'), ('committing', 'rejected'),
  ('committing', 'parked'),
  ('parked', 'ready'), ('accepted', 'purged'), ('rejected', 'purged');

create trigger item_begins_ready before insert on item when new.state <> 'ready'
begin select raise(abort, 'ILLEGAL_MOVE'); end;
create trigger item_moves before update of state on item
when new.state <> old.state
  and not exists (select 1 from item_move where from_state = old.state and to_state = new.state)
begin select raise(abort, 'ILLEGAL_MOVE'); end;
create trigger item_accepted_has_receipt before update of state on item
when new.state = 'accepted' and new.receipt is null
begin select raise(abort, 'RECEIPT_MISSING'); end;
create trigger item_unchanged before update of seq, id, kind, record_id, schema_version, payload_sha, manifest_sha on item
begin select raise(abort, 'ITEM_FROZEN'); end;
create trigger item_payload_unchanged before update of payload on item
when new.payload <> old.payload and not (new.state = 'purged' and length(new.payload) = 0)
begin select raise(abort, 'ITEM_FROZEN'); end;
create trigger item_stays before delete on item when old.state <> 'purged'
begin select raise(abort, 'ITEM_STAYS'); end;
create trigger item_blob_unchanged before update of item_id, ord, role, sha, size, mime on item_blob
begin select raise(abort, 'ITEM_FROZEN'); end;
create trigger item_blob_stays before delete on item_blob
when exists (select 1 from item where id = old.item_id and state <> 'purged')
begin select raise(abort, 'ITEM_STAYS'); end;

create trigger item_queued after insert on item begin
  insert into event (item_id, at_wall, to_state)
  values (new.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), new.state);
end;
create trigger item_moved after update of state on item when new.state <> old.state begin
  insert into event (item_id, at_wall, from_state, to_state, detail)
  values (new.id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), old.state, new.state, new.last_detail);
end;
create trigger event_unchanged before update on event begin select raise(abort, 'LOG_IS_APPENDED'); end;
create trigger event_stays before delete on event begin select raise(abort, 'LOG_IS_APPENDED'); end;
`;
