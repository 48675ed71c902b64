import { expect, it } from 'vitest';
import { markNoteParts, messagesOf, ownMessagesSchema, standardMessages } from './messages.ts';

it('takes the words of the kind before those of the programme, and the standard ones last', () => {
  const messages = messagesOf({ submitTitle: '上报' }, { submitTitle: '提交', keyWord: '关键信息' });
  expect(messages).toMatchObject({ submitTitle: '上报', keyWord: '关键信息', notOpen: '未开通' });
});

it('names the weights in the note as the programme names them', () => {
  expect(markNoteParts(messagesOf({ keyWord: '关键信息', digitalWord: '一般信息' }))).toMatchObject({
    lead: '注：',
    key: '标记代表关键信息，',
    digital: expect.stringMatching(/^标记代表一般信息。如上传/) as string,
  });
});

it.each([
  [{ keyWords: '关键信息' }, 'unrecognized_keys'],
  [{ keyWord: ' ' }, 'too_small'],
  [{ markNote: '标记代表关键信息' }, 'custom'],
  [{ markNote: '{key}{key}{digital}' }, 'custom'],
])('refuses %j', (texts, code) => {
  expect(ownMessagesSchema.safeParse(texts).error?.issues[0]?.code).toBe(code);
});

it('knows every standard word by its key', () => {
  expect(Object.keys(ownMessagesSchema.shape).sort()).toEqual(Object.keys(standardMessages).sort());
});
