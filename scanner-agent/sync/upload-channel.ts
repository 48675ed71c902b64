import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import type { ClientRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { AppError, fromWireError, wireErrorSchema } from '#domain/errors/app-error.ts';
import { chunkAnswerSchema, uploadHeaders, uploadPath } from '#domain/sync/schema.ts';
import type { Welcome } from '#domain/sync/schema.ts';
import { ConnectionLost } from './connection-socket.ts';

/** Side by side, of one item or several; each has one piece under way. */
export const pagesUnderWay = 6;

export interface PieceAnswer {
  off: number | 'done';
  /** The piece's bytes have left: nothing reads them any more. */
  hasLeft?: boolean;
}

export interface UploadChannel {
  /**
   * Sends a piece of a page; the answer is where the page stands then. Throws ConnectionLost (and the session ends with it),
   * or the server's refusal as AppError.
   */
  put: (piece: { sha: string; off: number; buf: Uint8Array }) => Promise<PieceAnswer>;
  close: () => void;
}

export interface PageLineOptions {
  serverUrl: string;
  stationId: string;
  welcome: Pick<Welcome, 'sessionEpoch' | 'blobToken'>;
  /** A piece that is not answered by then ends the session: half-open lines look alive. */
  answerTimeoutMs: number;
  onBroken: (reason: ConnectionLost) => void;
}

/** The server answers with a few words; more is somebody else. */
const maxAnswerChars = 100_000;

/** Pages by PUT on connections of their own, which are kept: version 2 of the protocol. */
export function createUploadChannel(options: PageLineOptions): UploadChannel {
  const { serverUrl, stationId, welcome, answerTimeoutMs, onBroken } = options;
  const isTls = serverUrl.startsWith('https:');
  const settings = { keepAlive: true, noDelay: true, maxSockets: pagesUnderWay };
  const agent = isTls ? new TlsAgent(settings) : new PlainAgent(settings);
  const place = { ...urlToHttpOptions(new URL(serverUrl)), method: 'PUT', agent };
  const underWay = new Set<ClientRequest>();
  let isClosed = false;
  const headers = {
    'content-type': 'application/octet-stream',
    authorization: `Bearer ${welcome.blobToken}`,
    [uploadHeaders.station]: stationId,
    [uploadHeaders.epoch]: String(welcome.sessionEpoch),
  };
  const broken = (reason: string): ConnectionLost => {
    const error = new ConnectionLost(reason);
    onBroken(error);
    return error;
  };

  /** One timer and no signals of its own: there are many of these. */
  function ask(path: string, buf: Uint8Array): Promise<{ answer: unknown; hasLeft: boolean }> {
    return new Promise((resolve, reject) => {
      if (isClosed) {
        reject(broken('closed by this side'));
        return;
      }
      const asked = (isTls ? tlsRequest : plainRequest)({
        ...place,
        path,
        headers: { ...headers, 'content-length': buf.length },
      });
      const timer = setTimeout(() => asked.destroy(new Error('silence')), answerTimeoutMs);
      underWay.add(asked);
      const end = (): void => {
        clearTimeout(timer);
        underWay.delete(asked);
      };
      const fail = (error: Error): void => {
        if (!underWay.has(asked)) return;
        end();
        reject(broken(`no answer to a page: ${error.message}`));
      };
      asked.on('error', fail).once('close', () => fail(new Error('closed')));
      asked.once('response', (response) => {
        let answer = '';
        response
          .setEncoding('utf8')
          .on('data', (text: string) => {
            answer += text;
            if (answer.length > maxAnswerChars) asked.destroy(new Error('too long'));
          })
          .on('error', fail)
          .once('end', () => {
            try {
              resolve({ answer: JSON.parse(answer) as unknown, hasLeft: asked.writableFinished });
              end();
            } catch (error) {
              // a page of some proxy's
              fail(error as Error);
            }
          });
      });
      asked.end(buf);
    });
  }

  return {
    async put({ sha, off, buf }) {
      const { answer, hasLeft } = await ask(`${uploadPath}/${sha}?off=${off}`, buf);
      const parsed = chunkAnswerSchema.safeParse(answer);
      if (parsed.success) return { ...parsed.data, hasLeft };
      const refusal = wireErrorSchema.safeParse(answer);
      if (!refusal.success)
        throw new AppError('VERSION_UNSUPPORTED', { event: 'put' }, { cause: parsed.error });
      const error = fromWireError(refusal.data);
      // as on the other connection: the session ended there first, and only `fenced` means that another took over
      if (error.code === 'STATION_FENCED') throw broken('the server has no such session any more');
      throw error;
    },
    close() {
      isClosed = true;
      for (const asked of underWay) asked.destroy(new Error('closed by this side'));
      agent.destroy();
    },
  };
}
