/** What came from the server, by the server's number; `applied` 0 is deferred: unknown kind, or unknown record. */
export const inbox = `
create table inbox (
  epoch text not null,
  seq integer not null,
  body text not null,
  applied integer not null,
  received_at text not null,
  primary key (epoch, seq)
) strict, without rowid;
create index inbox_deferred on inbox (seq) where applied = 0;
create table cursor (
  stream text primary key,
  epoch text not null,
  seq integer not null
) strict, without rowid;
create trigger cursor_never_back before update on cursor
when new.epoch = old.epoch and new.seq < old.seq
begin select raise(abort, 'CURSOR_BACK'); end;
`;
