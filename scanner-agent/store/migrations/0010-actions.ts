/** Which action an item brings, beside the form in which it was queued: the payload is encrypted. */
export const actions = `
alter table item add column action text not null default '';
update item set action = case kind when 'submission' then 'submit' else kind end;
`;
