import { workPushRoutes } from '#domain/contracts/outside/work-pushes.ts';
import type { ReceiveWork } from '../services/works/receive-work.ts';
import type { Serve } from './serve.ts';

/** What the project approval system sends. */
export function addWorkPushRoutes(serve: Serve, { receiveWork }: { receiveWork: ReceiveWork }): void {
  serve(workPushRoutes.pushWork, ({ params, body }) => receiveWork(params.programme, body));
}
