import type { FastifyReply } from 'fastify';
import type { Html } from './html.ts';

/** Scripts and styles of this program alone; a page of the sandbox stands in nobody else's. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-ancestors 'none'";

export const show = (reply: FastifyReply, page: Html): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', policy)
    .header('cache-control', 'no-store')
    .send(page.text);
