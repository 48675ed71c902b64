/** What the desk wants of this station, whole; one row or none. */
export const settings = `
create table settings (
  only integer primary key check (only = 1),
  body text not null
) strict;
`;
