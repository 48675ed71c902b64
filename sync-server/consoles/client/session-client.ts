import { ref } from 'vue';
import type { ServerPermission } from '#domain/contracts/route.ts';
import { createClient } from '#ui/client/create-client.ts';
import { failureWords } from './failure-words.ts';

/** How pages behind a sign-in ask. `isOver`: the session is gone: frozen, replaced, signed out elsewhere. */
export function createSessionClient() {
  const isOver = ref(false);
  const { ask, address } = createClient<ServerPermission>({
    origin: '',
    fetch: (...args) => window.fetch(...args),
    unexpected: failureWords.unexpected,
    onFailure: ({ wire }) => {
      if (wire.code === 'UNAUTHENTICATED') isOver.value = true;
    },
  });
  return { isOver, ask, address };
}
