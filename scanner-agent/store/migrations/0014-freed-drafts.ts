/** Drafts of portals that were deleted here, until the server knows it: the id alone, which says nothing of anybody. */
export const freedDrafts = `
create table freed_draft (
  record_id text primary key
) strict;
`;
