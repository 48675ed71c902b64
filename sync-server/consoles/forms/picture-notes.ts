/** What a person is told of a picture, from what the reader made of it. */
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { RegistrationFile } from '#domain/contracts/public/registration.ts';
import type { QualityIssue } from '#domain/reading/schema.ts';
import { formWords } from './words.ts';

export interface PictureNote {
  tone: 'good' | 'warn' | 'plain';
  text: string;
}

const words = formWords.file;
const unclear: readonly QualityIssue[] = ['blurred', 'too-dark', 'too-small', 'glare', 'finger', 'folded'];

export function pictureNotes(
  { look }: Pick<RegistrationFile, 'look'>,
  { reads, title }: AttachmentSlot,
): PictureNote[] {
  if (!look) return [];
  const notes: PictureNote[] = [];
  const warn = (text: string): void => void notes.push({ tone: 'warn', text });
  const { issues } = look;
  if (issues.includes('blank')) warn(words.blank);
  else if (issues.some((issue) => unclear.includes(issue))) warn(words.unclear);
  if (issues.includes('cut-off')) warn(words.cutOff);
  if (look.reading !== 'done') {
    if (reads || look.reading !== 'off') notes.push({ tone: 'plain', text: unread[look.reading] });
    return notes;
  }
  if (look.paper === 'other') warn(words.other(look.paperName ?? '', title));
  else if (look.paper === 'unknown') warn(words.unknown(title));
  else if (reads) notes.push({ tone: 'good', text: words.readDone });
  else if (notes.length === 0) notes.push({ tone: 'good', text: words.clear });
  return notes;
}

const unread = { busy: words.readBusy, failed: words.readFailed, off: words.readOff } as const;
