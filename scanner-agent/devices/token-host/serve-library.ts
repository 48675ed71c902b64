/**
 * The child's side of a vendor library. Its calls block and may crash: nothing else lives in that process, and the
 * driver kills it when it does not answer in time (library-process.ts).
 */
import type { PinState } from '../../ports/signing-token.ts';
import type {
  HostAnswer,
  HostChangePinRequest,
  HostFailure,
  HostRequest,
  HostSignRequest,
  HostToken,
} from './messages.ts';

/** One loaded library. Every method may throw whatever the library throws; see `during`. */
export interface HostLibrary {
  list(): HostToken[];
  sign(request: HostSignRequest): Uint8Array[];
  changePin(request: HostChangePinRequest): void;
  /** A token's PIN as it stands now; undefined where the token is gone. */
  look(tokenId: string): PinState | undefined;
}

class StageError extends Error {
  readonly stage: HostFailure['stage'];
  readonly missing: HostFailure['missing'];
  constructor(stage: HostFailure['stage'], cause: unknown, missing?: HostFailure['missing']) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.stage = stage;
    this.missing = missing;
  }
}

export function notFound(missing: NonNullable<HostFailure['missing']>): Error {
  return new StageError('find', `${missing} not found`, missing);
}

/** Marks what fails inside with the stage it failed in; the innermost mark stays. */
export function during<Result>(stage: HostFailure['stage'], work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof StageError ? error : new StageError(stage, error);
  }
}

/** Answers the parent's requests, loading the library at the first one. `readCode` finds the library's own code. */
export function serveLibrary(
  open: () => HostLibrary,
  readCode: (error: unknown) => number | undefined,
): void {
  let library: HostLibrary | undefined;

  function answer(request: HostRequest): HostAnswer {
    const { id } = request;
    try {
      const opened = (library ??= during('load', open));
      return { id, ok: true, value: answerWith(opened, request) };
    } catch (error) {
      return { id, ok: false, failure: describeFailure(request, error) };
    }
  }

  function describeFailure(request: HostRequest, error: unknown): HostFailure {
    const stage = error instanceof StageError ? error.stage : 'list';
    const code = readCode(error instanceof StageError ? error.cause : error);
    const failure: HostFailure = {
      stage,
      message: error instanceof Error ? error.message : String(error),
      ...(code === undefined ? {} : { code }),
      ...(error instanceof StageError && error.missing ? { missing: error.missing } : {}),
    };
    if (!library || request.method === 'list') return failure;
    try {
      const pin = library.look(request.request.tokenId);
      return { ...failure, tokenPresent: pin !== undefined, ...(pin ? { pin } : {}) };
    } catch {
      // a library that cannot even list any more has lost its token
      return { ...failure, tokenPresent: false };
    }
  }

  process.on('message', (message) => {
    process.send?.(answer(message as HostRequest)); // only library-process.ts speaks on this channel
  });
  process.on('disconnect', () => process.exit(0));
}

function answerWith(library: HostLibrary, request: HostRequest): Extract<HostAnswer, { ok: true }>['value'] {
  switch (request.method) {
    case 'list':
      return during('list', () => library.list());
    case 'sign':
      return library.sign(request.request);
    case 'changePin':
      library.changePin(request.request);
      return undefined;
  }
}
