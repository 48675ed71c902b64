/** 工改系统: sends a work to a server as the contract says, when whoever sits before the sandbox presses 报监. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addressOf } from '#domain/contracts/route.ts';
import { workPushRoutes } from '#domain/contracts/outside/work-pushes.ts';

export const sentWorkSchema = z.strictObject({
  /** Of this machine alone: the token goes nowhere else. */
  server: z.url({ protocol: /^http$/, hostname: /^(127\.0\.0\.1|localhost)$/ }),
  programme: z.string().min(1).max(64),
  /** As it is sent, also where it is none. */
  push: z.unknown(),
  /** Another one than the server knows. */
  token: z.string().exactOptional(),
});
export const sentAnswerSchema = z.object({ status: z.int(), body: z.record(z.string(), z.unknown()) });
export type SentAnswer = z.infer<typeof sentAnswerSchema>;

export function addApprovalSystem(app: FastifyInstance, { token: own }: { token: string }): void {
  app.put('/sandbox/approval-system/works', async ({ body }) => {
    const { server, programme, push, token = own } = sentWorkSchema.parse(body);
    const { method } = workPushRoutes.pushWork;
    const path = addressOf(workPushRoutes.pushWork, { params: { programme } });
    const answer = await fetch(`${server}${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(push),
    });
    return sentAnswerSchema.parse({ status: answer.status, body: (await answer.json()) as unknown });
  });
}
