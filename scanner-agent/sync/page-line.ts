import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { AppError, fromWireError, wireErrorSchema } from '#domain/errors/app-error.ts';
import { chunkAnswerSchema, uploadHeaders, uploadPath } from '#domain/sync/schema.ts';
import type { Welcome } from '#domain/sync/schema.ts';
import { LineBroken } from './line-socket.ts';

/** Side by side, of one item or several; each has one piece under way. */
export const pagesUnderWay = 6;

export interface PageLine {
  /**
   * Sends a piece of a page; the answer is where the page stands then. Throws LineBroken (and the session ends with it),
   * or the server's refusal as AppError.
   */
  put: (piece: { sha: string; off: number; buf: Uint8Array }) => Promise<{ off: number | 'done' }>;
  close: () => void;
}

export interface PageLineOptions {
  serverUrl: string;
  stationId: string;
  welcome: Pick<Welcome, 'sessionEpoch' | 'blobToken'>;
  /** A piece that is not answered by then ends the session: half-open lines look alive. */
  answerTimeoutMs: number;
  signal: AbortSignal;
  onBroken: (reason: LineBroken) => void;
}

/** Pages by PUT on connections of their own, which are kept: version 2 of the protocol. */
export function createPageLine(options: PageLineOptions): PageLine {
  const { serverUrl, stationId, welcome, answerTimeoutMs, signal, onBroken } = options;
  const isTls = serverUrl.startsWith('https:');
  const settings = { keepAlive: true, noDelay: true, maxSockets: pagesUnderWay };
  const agent = isTls ? new TlsAgent(settings) : new PlainAgent(settings);
  const headers = {
    'content-type': 'application/octet-stream',
    authorization: `Bearer ${welcome.blobToken}`,
    [uploadHeaders.station]: stationId,
    [uploadHeaders.epoch]: String(welcome.sessionEpoch),
  };
  const broken = (reason: string): LineBroken => {
    const error = new LineBroken(reason);
    onBroken(error);
    return error;
  };

  async function ask(path: string, buf: Uint8Array): Promise<unknown> {
    const silence = AbortSignal.timeout(answerTimeoutMs);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        (isTls ? tlsRequest : plainRequest)(
          new URL(path, serverUrl),
          {
            method: 'PUT',
            agent,
            headers: { ...headers, 'content-length': buf.length },
            signal: AbortSignal.any([signal, silence]),
          },
          resolve,
        )
          .once('error', reject)
          .end(buf);
      });
      return JSON.parse(await text(answer)) as unknown;
    } catch (error) {
      throw broken(`no answer to a page: ${silence.aborted ? 'silence' : (error as Error).message}`);
    }
  }

  return {
    async put({ sha, off, buf }) {
      const answer = await ask(`${uploadPath}/${sha}?off=${off}`, buf);
      const parsed = chunkAnswerSchema.safeParse(answer);
      if (parsed.success) return parsed.data;
      const refusal = wireErrorSchema.safeParse(answer);
      if (!refusal.success)
        throw new AppError('VERSION_UNSUPPORTED', { event: 'put' }, { cause: parsed.error });
      const error = fromWireError(refusal.data);
      // as on the other connection: the session ended there first, and only `fenced` means that another took over
      if (error.code === 'STATION_FENCED') throw broken('the server has no such session any more');
      throw error;
    },
    close: () => agent.destroy(),
  };
}
