/**
 * Who a numbered change is for. Numbers are counted for each audience by itself, and a reader has a cursor for each that
 * it follows: a station its own and, while somebody is logged in there with a proved identity, that subject's; the desk
 * its authority's.
 */
import { z } from 'zod';
import { maxLength } from '../limits.ts';
import type { Subject } from '../primitives.ts';
import { subjectIdOf } from '../record/subject-id.ts';

export const audienceKinds = ['subject', 'station', 'account', 'authority'] as const;
export const audienceSchema = z.templateLiteral([
  z.enum(audienceKinds),
  ':',
  z.string().min(1).max(maxLength.name),
]);
export type Audience = z.infer<typeof audienceSchema>;

/** Who of that kind it is for; undefined where it is for another kind. */
export const ofAudience = (audience: Audience, kind: (typeof audienceKinds)[number]): string | undefined =>
  audience.startsWith(`${kind}:`) ? audience.slice(kind.length + 1) : undefined;

export const audienceOf = {
  subject: (subject: Pick<Subject, 'kind' | 'creditCode'>): Audience => `subject:${subjectIdOf(subject)}`,
  station: (stationId: string): Audience => `station:${stationId}`,
  account: (accountId: string): Audience => `account:${accountId}`,
  authority: (name: string): Audience => `authority:${name}`,
} as const;
