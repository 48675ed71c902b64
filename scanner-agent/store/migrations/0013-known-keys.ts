/** What the server said of a key when it saw it last, by a tag of its certificate: for a sign-in without a connection. */
export const knownKeys = `
create table known_key (
  tag text primary key,
  accepted_at text,
  refused text
) strict;
`;
