/** A page of a family by its number: what is printed, what a reader would make of it, what is true. */
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { createDraws } from './draws.ts';
import type { Draws } from './draws.ts';
import { developmentFamilies } from './families/development.ts';
import type { Family } from './families/family.ts';
import { unseenFamilies } from './families/unseen.ts';
import { labelFor } from './labels.ts';
import type { Sheet } from './sheet.ts';
import { knownDocuments, makeValues } from './values.ts';
import { createWords } from './words.ts';

export interface RandomPage {
  family: string;
  document: DocumentType;
  sheet: Sheet;
  draws: Draws;
  /** Text by field as it is printed. */
  texts: Record<string, string>;
  /** Fields whose text is a part of another field's. */
  parts: ReadonlySet<string>;
  /** Fields for which nothing may be read: the paper does not have them. */
  absent: readonly string[];
}

export type Split = 'development' | 'unseen';
const families: Readonly<Record<Split, readonly Family[]>> = {
  development: developmentFamilies,
  unseen: unseenFamilies,
};

/** Document types that no maker of values knows are laid out too, one page in four. */
const othersShare = 0.25;

export function makePage(catalogue: Catalogue, split: Split, seed: number): RandomPage {
  const draws = createDraws(seed * 2 + (split === 'unseen' ? 1 : 0));
  const words = createWords(draws);
  const list = families[split];
  const family = list[seed % list.length] ?? draws.pick(list);
  const document = documentFor(catalogue, family, draws);
  const values = makeValues(document.id, document.fields, words, draws);
  const chosen = new Map<string, string>();
  const { sheet, absent = [] } = family.lay({
    document,
    values,
    draws,
    words,
    // No two fields of a page share a label.
    label(field) {
      for (let tries = 0; tries < 8; tries += 1) {
        const label = labelFor(document, field, draws, split === 'unseen');
        const owner = chosen.get(label);
        if (owner !== undefined && owner !== field.id) continue;
        chosen.set(label, field.id);
        return label;
      }
      return field.label;
    },
  });
  const printed = new Set(sheet.texts.flatMap(({ field }) => field ?? []));
  const texts = Object.fromEntries(
    Object.entries(values.texts).filter(([id]) => printed.has(id) || values.parts.has(id)),
  );
  return { family: family.name, document, sheet, draws, texts, parts: values.parts, absent };
}

function documentFor({ documentTypes }: Catalogue, family: Family, draws: Draws): DocumentType {
  const named = family.documents ?? knownDocuments.filter((id) => id !== 'resident-id-card');
  const others = documentTypes.filter(
    ({ id, fields }) => !knownDocuments.includes(id) && fields.filter(({ find }) => find).length >= 3,
  );
  if (!family.documents && draws.chance(othersShare)) return draws.pick(others);
  const id = draws.pick(named);
  const document = documentTypes.find((one) => one.id === id);
  if (!document) throw new Error(`no document type ${id}`);
  return document;
}
