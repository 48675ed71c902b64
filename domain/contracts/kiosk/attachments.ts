import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { sha256Schema } from '../../primitives.ts';
import { recordSchema } from '../../record/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { jobSchema } from './jobs.ts';
import { maxUploadBytes } from './pages.ts';
import { recordParams } from './params.ts';

const attachmentParams = recordParams.extend({ attachment: z.string().max(maxLength.name) });
const fileParams = attachmentParams.extend({ sha: sha256Schema });
const revision = z.coerce.number<string | number>().int().nonnegative();

/** Files of a record that are kept as they are: a picture of the camera, or a file that the person brings. */
export const attachmentRoutes = {
  /** Refused with ATTACHMENT_FULL, ATTACHMENT_UNSUPPORTED; the same file again changes nothing. */
  attach: {
    method: 'POST',
    path: '/api/records/:id/attachments/:attachment',
    permission: 'subject',
    params: attachmentParams,
    query: z.object({ revision, name: z.string().min(1).max(maxLength.name) }),
    body: { file: true, maxBytes: maxUploadBytes },
    answer: recordSchema,
  },
  /** Reads it into the form, where it is a paper that fills one: a job, whose notes say what is unclear. */
  readAttachment: {
    method: 'POST',
    path: '/api/records/:id/attachments/:attachment/:sha/reading',
    permission: 'subject',
    params: fileParams,
    answer: jobSchema,
  },
  removeAttachment: {
    method: 'DELETE',
    path: '/api/records/:id/attachments/:attachment/:sha',
    permission: 'subject',
    params: fileParams,
    query: z.object({ revision }),
    answer: recordSchema,
  },
  attachment: {
    method: 'GET',
    path: '/api/records/:id/attachments/:attachment/:sha',
    permission: 'subject',
    params: fileParams,
    answer: { bytes: 'application/octet-stream' },
  },
} as const satisfies KioskRoutes;
