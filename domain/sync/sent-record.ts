/**
 * What a station may say of a record, and the record as the server takes it. A station writes no history: state, unique code,
 * digital certificate, refusal, pushes and their decisions, overrules and the second look are the server's own. What a
 * station (of today's version too) sends in their place is dropped before anybody reads it.
 */
import { z } from 'zod';
import { maxCount } from '../limits.ts';
import { chinaDay } from '../primitives.ts';
import { materialSchema, pageSchema, recordSchema } from '../record/schema.ts';
import type { LudengRecord } from '../record/schema.ts';

const sentMaterialSchema = materialSchema
  .omit({ rechecked: true })
  .extend({ pages: z.array(pageSchema.omit({ original: true })).max(maxCount.parts) });

export const sentRecordSchema = recordSchema
  .omit({
    uniqueCode: true,
    digitalCertificate: true,
    rejection: true,
    overrules: true,
    entered: true,
    pushes: true,
    cases: true,
  })
  .extend({ materials: z.array(sentMaterialSchema).max(maxCount.parts) })
  // a record has pushes, and a server of an earlier version wants to see the list
  .transform((record): LudengRecord => ({ ...record, pushes: [] }));

/**
 * No time that a station tells lies behind the moment at which the server had the record: a clock that is ahead, or a hand
 * that set it, makes nothing valid that is not valid yet.
 */
export function notAfterReceipt(record: LudengRecord, receivedAt: string): LudengRecord {
  const received = Date.parse(receivedAt);
  const day = chinaDay(receivedAt);
  const clamp = (at: string): string => (Date.parse(at) > received ? receivedAt : at);
  return {
    ...record,
    createdAt: clamp(record.createdAt),
    updatedAt: clamp(record.updatedAt),
    ...(record.submittedAt === undefined ? {} : { submittedAt: clamp(record.submittedAt) }),
    ...(record.recordSeal
      ? { recordSeal: { ...record.recordSeal, sealedAt: clamp(record.recordSeal.sealedAt) } }
      : {}),
    operations: record.operations.map((operation) => ({ ...operation, at: clamp(operation.at) })),
    materials: record.materials.map((material) => {
      const { checked, seal } = material;
      return {
        ...material,
        pages: material.pages.map((page) => ({ ...page, capturedAt: clamp(page.capturedAt) })),
        ...(checked
          ? {
              checked: {
                ...checked,
                at: clamp(checked.at),
                day: checked.day > day ? day : checked.day,
              },
            }
          : {}),
        ...(seal ? { seal: { ...seal, sealedAt: clamp(seal.sealedAt) } } : {}),
      };
    }),
  };
}
