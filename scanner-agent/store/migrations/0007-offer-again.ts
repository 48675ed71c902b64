/** What the server has lost (an older backup, a spoilt disk) is offered to it again, while its pages are here. */
export const offerAgain = `
insert into item_move values ('accepted', 'ready');
`;
