/** Signed heads of the server's log, kept where the server's administrators have no hand: two of one number say that it was rewritten. */
export const logHeads = `
create table log_head (
  number integer not null,
  sha text not null,
  at text not null,
  signature text not null,
  primary key (number, sha)
) strict;
`;
