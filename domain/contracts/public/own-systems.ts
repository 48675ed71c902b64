/** The systems of the user centre, for whoever is signed in to an account of a unit. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import type { ServerRoutes } from '../route.ts';
import { editionSchema } from '../../catalogue/edition.ts';
import { systemSchema } from './login-tickets.ts';

const text = z.string().max(maxLength.name);

/** What a person wants to know of a system before going in: which edition it is, and whom to ask. */
const aboutSystem = {
  name: text,
  edition: editionSchema.exactOptional(),
  contacts: z.array(z.object({ label: text, value: text })).max(maxCount.parts),
};

/** `hasPortal`: its pages are there. */
export const ownSystemSchema = systemSchema.extend({ ...aboutSystem, hasPortal: z.boolean() });
export type OwnSystem = z.infer<typeof ownSystemSchema>;

const sectionSchema = z.object({
  id: text,
  title: text,
  notOpen: z.string().max(maxLength.text).exactOptional(),
});

/** What the system is made of, as its configuration says; `notOpen`: it is not there yet, and what it will do. */
export const systemPageSchema = z.object({
  programme: text,
  title: text,
  ...aboutSystem,
  sections: z.array(sectionSchema).max(maxCount.parts),
});
export type SystemPage = z.infer<typeof systemPageSchema>;

export const ownSystemRoutes = {
  ownSystems: {
    method: 'GET',
    path: '/api/own-systems',
    permission: 'system.list',
    answer: z.array(ownSystemSchema).max(maxCount.parts),
  },
  /** Throws SYSTEM_NOT_GRANTED without the tick. */
  ownSystem: {
    method: 'GET',
    path: '/api/own-systems/:programme',
    permission: 'system.enter',
    params: z.object({ programme: z.string().min(1).max(64) }),
    answer: systemPageSchema,
  },
  /** Throws SYSTEM_NOT_GRANTED also where it is of a role that the account does not have. */
  ownSection: {
    method: 'GET',
    path: '/api/own-systems/:programme/sections/:section',
    permission: 'system.enter',
    params: z.object({ programme: z.string().min(1).max(64), section: z.string().min(1).max(64) }),
    answer: sectionSchema,
  },
} as const satisfies ServerRoutes;
