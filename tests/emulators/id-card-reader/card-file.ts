/** What lies on the emulated reader: a card as its chip holds it. Codes stay codes and dates stay YYYYMMDD. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const date = z.string().regex(/^\d{8}$/);
const common = {
  sexCode: z.string().length(1),
  bornOn: date,
  number: z.string().max(18),
  validFrom: date,
  /** A date or 长期. */
  validTo: z.string().max(8),
};

export const cardFileSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('resident'),
    ...common,
    name: z.string().max(15),
    nationCode: z.string().length(2),
    address: z.string().max(35),
    issuer: z.string().max(15),
    newestAddress: z.string().max(35).optional(),
  }),
  z.strictObject({
    kind: z.literal('J'),
    ...common,
    name: z.string().max(15),
    address: z.string().max(35),
    issuer: z.string().max(15),
    passNumber: z.string().max(9),
    issueCount: z.string().max(2),
    newestAddress: z.string().max(35).optional(),
  }),
  z.strictObject({
    kind: z.literal('I'),
    ...common,
    number: z.string().max(15),
    englishName: z.string().max(60),
    name: z.string().max(15),
    nationality: z.string().max(3),
    version: z.string().max(2),
    officeCode: z.string().max(4),
  }),
  z.strictObject({
    kind: z.literal('Y'),
    ...common,
    name: z.string().max(15),
    englishName: z.string().max(46),
    renewalCount: z.string().max(2),
    nationality: z.string().max(3),
    olderNumberLink: z.string().max(3),
  }),
]);
export type CardFile = z.infer<typeof cardFileSchema>;

export async function readCardFile(path: string): Promise<CardFile> {
  return cardFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** The fictional persons beside this file: their numbers are published specimens or use the test region 110105. */
export const personNames = ['resident', 'hmt-residence', 'foreigner-2017', 'foreigner-2023'] as const;
export type PersonName = (typeof personNames)[number];

export async function loadPerson(name: PersonName): Promise<CardFile> {
  return readCardFile(new URL(`./cards/${name}.json`, import.meta.url).pathname);
}
