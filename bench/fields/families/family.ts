/** What a family of layouts is given, and what all of them share. */
import type { DocumentType } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { Draws } from '../draws.ts';
import type { Sheet } from '../sheet.ts';
import type { PaperValues } from '../values.ts';
import type { Words } from '../words.ts';

export interface Task {
  document: DocumentType;
  values: PaperValues;
  draws: Draws;
  words: Words;
  label: (field: Field) => string;
}

/** The fields to print one by one, and their texts; parts of other fields are printed with those. */
export function entriesOf({ document, values }: Task): { field: Field; text: string }[] {
  return document.fields.flatMap((field) => {
    const text = values.texts[field.id];
    return text === undefined || values.parts.has(field.id) ? [] : [{ field, text }];
  });
}

export interface Laid {
  sheet: Sheet;
  /** Fields that this layout does not print, such as a credit code on an old licence: nothing may be read for them. */
  absent?: readonly string[];
}

export interface Family {
  name: string;
  /** Document types that are printed so; all known ones where left out. */
  documents?: readonly string[];
  lay: (task: Task) => Laid;
}

export const a4 = [210, 297] as const;
export const a4Wide = [297, 210] as const;

/** The title in the middle, and what usually stands about it. */
export function titled(sheet: Sheet, { document, draws }: Task, y: number, em: number): void {
  const title = titleOf(document, draws);
  const spacing = draws.chance(0.5) ? em * draws.between(0.2, 0.9) : 0;
  const width = [...title].length * em + spacing * ([...title].length - 1);
  sheet.write(title, (sheet.widthMm - width) / 2, y, em, { spacing, weight: 700 });
  if (draws.chance(0.5))
    sheet.write(draws.pick(['（副本）', '（正本）', '（副 本）']), sheet.widthMm / 2 - 12, y + em * 1.5, 5);
}

function titleOf(document: DocumentType, draws: Draws): string {
  return draws.pick(document.recognise.titles);
}

/** A seal over the authority's name, a frame, a ground: what readers stumble over. */
export function decorate(sheet: Sheet, { draws, words }: Task): void {
  if (draws.chance(0.6))
    sheet.frames.push({ inset: draws.between(6, 10), colour: draws.pick(['#b08d3c', '#8aa', '#a33']) });
  if (draws.chance(0.5)) sheet.ground = draws.pick(['#d9c08a', '#b9d3c1', '#c6d6ea']);
  if (draws.chance(0.25)) sheet.watermark = draws.pick(['仅供办理业务使用', '复印无效']);
  const last = sheet.texts.findLast(
    ({ field }) => field !== undefined && /Authority|issuer|certifier|bank/u.test(field),
  );
  if (last && draws.chance(0.7))
    sheet.seals.push({ x: last.x + last.em * 5, y: last.y + last.em, radius: 19, text: words.authority() });
}
