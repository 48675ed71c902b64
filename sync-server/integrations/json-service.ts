/**
 * The way to every outside service: JSON over HTTP with an end to time and size. Whatever goes wrong is SERVICE_UNREACHABLE with
 * the service's name and perhaps the status. Neither what was asked nor what came is in it, nor in what is told for the log.
 */
import type { z } from 'zod';
import { addressOf } from '#domain/contracts/route.ts';
import type { OutsideOperation } from '#domain/contracts/outside/service.ts';
import { AppError } from '#domain/errors/app-error.ts';

export interface ServicePlace {
  url: string;
  token: string | undefined;
  timeoutMs: number;
  /** For the log: why there was no answer, in words that say nothing of anybody. */
  tell: (failure: ServiceFailure) => void;
}

export interface ServiceFailure {
  service: string;
  problem: string;
}

/** Far above the longest answer of the contracts. */
const maxAnswerBytes = 512 * 1024;

export interface JsonService {
  /** Throws SERVICE_UNREACHABLE. `answer`: what is expected of it, the operation's own or a wider one. */
  ask<T extends z.ZodType>(
    operation: OutsideOperation,
    call: { params?: Readonly<Record<string, string>>; body?: unknown; answer: T },
  ): Promise<z.output<T>>;
}

export function createJsonService(name: string, { url, token, timeoutMs, tell }: ServicePlace): JsonService {
  const headers = {
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  return {
    async ask(operation, { params, body, answer: expected }) {
      let status: number | undefined;
      try {
        const answer = await fetch(placeOf(url, operation, params), {
          method: operation.method,
          // the body and its token are for this address alone
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
          headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          body: body === undefined ? null : JSON.stringify(body),
        });
        status = answer.status;
        if (answer.status !== 200) {
          await answer.body?.cancel();
          throw new Error(`the service answered ${answer.status}`);
        }
        const parsed = expected.safeParse(parseJson(await readLimited(answer)));
        if (!parsed.success) throw new Error(`the answer is of another form at ${faultyParts(parsed.error)}`);
        return parsed.data;
      } catch (error) {
        tell({ service: name, problem: problemOf(error) });
        throw new AppError(
          'SERVICE_UNREACHABLE',
          { service: name, ...(status === undefined || status === 200 ? {} : { status }) },
          { cause: error },
        );
      }
    },
  };
}

/** Errors of ours say what they are; those of fetch have it in a code. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
}

function placeOf(
  base: string,
  { path }: OutsideOperation,
  params: Readonly<Record<string, string>> | undefined,
): URL {
  const place = new URL(base);
  if (path !== '') place.pathname = `${place.pathname.replace(/\/+$/, '')}${addressOf({ path }, { params })}`;
  return place;
}

/** Counted as it comes, unpacked: a length in the head is only a word. */
async function readLimited(answer: Response): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for await (const piece of answer.body ?? []) {
    size += piece.byteLength;
    if (size > maxAnswerBytes) throw new Error('the answer is too long');
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/** The engine's own message would quote the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('the answer is not JSON');
  }
}

const faultyParts = ({ issues }: z.ZodError): string =>
  issues
    .slice(0, 5)
    .map(
      ({ path, code }) =>
        `${path.filter((part) => typeof part !== 'string' || part.length < 40).join('.')} (${code})`,
    )
    .join(', ');
