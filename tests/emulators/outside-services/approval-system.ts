/** 工改系统: sends a work to a server as the contract says, when whoever sits before the sandbox presses 报监. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addressOf } from '#domain/contracts/route.ts';
import { workPushRoutes } from '#domain/contracts/outside/work-pushes.ts';
import { approvalWorksPage, approvalWorksPath, pushOf } from './pages/approval-works.ts';
import { show } from './pages/show.ts';

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
  async function send(sent: z.input<typeof sentWorkSchema>): Promise<SentAnswer> {
    const { server, programme, push, token = own } = sentWorkSchema.parse(sent);
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
  }
  app.put('/sandbox/approval-system/works', ({ body }) => send(sentWorkSchema.parse(body)));

  app.get(approvalWorksPath, (_, reply) => show(reply, approvalWorksPage()));
  app.post(approvalWorksPath, async ({ body }, reply) => {
    const typed = z.record(z.string(), z.string()).parse(body);
    const { server = '', programme = '' } = typed;
    try {
      const sent = await send({ server: server.replace(/\/+$/u, ''), programme, push: pushOf(typed) });
      return show(reply, approvalWorksPage({ typed, sent }));
    } catch (error) {
      // an address elsewhere, or nobody who answers there
      const isNowhere = error instanceof z.ZodError || error instanceof TypeError;
      if (!isNowhere) throw error;
      const problem = '没有推送：请填写本机服务器的地址，并确认服务器已启动';
      return show(reply.code(400), approvalWorksPage({ typed, problem }));
    }
  });
}
