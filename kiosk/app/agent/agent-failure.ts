import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';

/** The agent answered with an expected failure. */
export class AgentFailure extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'AgentFailure';
    this.wire = wire;
  }
}

/** The agent itself did not answer: its process is not running. */
export class AgentUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('agent unreachable', options);
    this.name = 'AgentUnreachable';
  }
}

/** What a person reads about any failure: what is wrong, what to do. */
export interface ShownError {
  readonly message: string;
  readonly action: string;
  readonly code?: string;
  readonly traceId?: string;
}

export async function failureOf(response: Response): Promise<AgentFailure> {
  const parsed = wireErrorSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return new AgentFailure(parsed.data);
  return new AgentFailure({
    code: 'INTERNAL',
    message: `采集站程序返回了意外的结果（${response.status}）`,
    action: '请重试；仍不行请联系工作人员',
    retry: 'later',
    details: {},
    traceId: '',
  });
}
