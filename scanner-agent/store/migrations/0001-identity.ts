/** Who the station is: one row, made at the first opening. */
export const identity = `
create table identity (
  only_row integer primary key check (only_row = 1),
  install_id text not null,
  created_at text not null,
  enrolment text
) strict;
create trigger identity_install_id_stays before update of install_id on identity begin
  select raise(abort, 'IDENTITY_CHANGED');
end;
create trigger identity_stays before delete on identity begin
  select raise(abort, 'IDENTITY_CHANGED');
end;
`;
