/** Stacks of scanned paper that are being sorted. `body` is encrypted; pages stay while a stack names them. */
export const stacks = `
create table stack (
  id text primary key,
  credit_code text not null,
  updated_at text not null,
  body blob not null
) strict, without rowid;
create index stack_of_subject on stack (credit_code, id);

create table stack_blob (
  stack_id text not null references stack (id) on delete cascade,
  sha text not null references blob (sha),
  primary key (stack_id, sha)
) strict, without rowid;
create index stack_blob_by_sha on stack_blob (sha);
`;
