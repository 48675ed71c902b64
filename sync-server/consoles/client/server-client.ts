import type { ServerPermission } from '#domain/contracts/route.ts';
import { createClient } from '#ui/client/create-client.ts';
import { createAsyncAction } from '#ui/client/async-action.ts';
import { createErrorOf } from '#ui/client/error-of.ts';
import { failureWords } from './failure-words.ts';

/** How pages of the server ask it. */
export const { ask, address } = createClient<ServerPermission>({
  origin: '',
  fetch: (...args) => window.fetch(...args),
  unexpected: failureWords.unexpected,
});

/** One action at a time, its failure in the words of the error table. */
export const useAction = () => createAsyncAction(createErrorOf(failureWords));
