import { computed, onScopeDispose, shallowRef } from 'vue';
import type { TokenView } from '#domain/contracts/kiosk/session.ts';
import { Unreachable } from '#ui/client/failure.ts';
import type { ShownError } from '#ui/client/failure.ts';
import { useAgent } from '../agent/provide-agent.ts';
import { errorOf } from '../agent/use-async-action.ts';

export interface TokenChoice {
  readonly key: string;
  readonly token: TokenView;
  /** Undefined: a token without a certificate for signing. */
  readonly certificate?: TokenView['certificates'][number];
}

const pollEveryMs = 1_500;

/** The signing certificates of all tokens plugged in, asked again and again; one request at a time. */
export function useTokens() {
  const agent = useAgent();
  const tokens = shallowRef<readonly TokenView[]>([]);
  const trouble = shallowRef<ShownError | undefined>();
  const stopped = new AbortController();

  const choices = computed<readonly TokenChoice[]>(() =>
    tokens.value.flatMap((token): TokenChoice[] => {
      const signing = token.certificates.filter(({ use }) => use === 'sign');
      if (signing.length === 0) return [{ key: token.id, token }];
      return signing.map((certificate) => ({ key: `${token.id}/${certificate.id}`, token, certificate }));
    }),
  );

  async function poll(): Promise<void> {
    try {
      tokens.value = await agent.tokens(stopped.signal);
      trouble.value = undefined;
    } catch (error) {
      if (stopped.signal.aborted) return;
      tokens.value = [];
      // An agent that is away has a page of its own.
      trouble.value = error instanceof Unreachable ? undefined : errorOf(error);
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void poll(), pollEveryMs);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  void poll();
  onScopeDispose(() => {
    stopped.abort();
    clearTimeout(timer);
  });

  return { choices, trouble };
}
