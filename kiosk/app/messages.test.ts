import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standardMessages } from '#domain/catalogue/messages.ts';

// the page's environment has no file address of this module; vitest runs in the repository's root
const root = process.cwd();
const pages = ['kiosk/app', 'ui'].flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, room, path), 'utf8')),
);

it.each(Object.keys(standardMessages))('the word %s has a reader on the page', (key) => {
  // the note is read through its parts
  const reader =
    key === 'markNote' ? /markNoteParts\(messages\b/ : new RegExp(`\\bmessages(\\.value)?\\.${key}\\b`);
  expect(pages.some((text) => reader.test(text))).toBe(true);
});
