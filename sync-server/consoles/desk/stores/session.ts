import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ChangePassword, SignedIn } from '#domain/contracts/desk/session.ts';
import { isFailure } from '#ui/client/failure.ts';
import { useServer } from '../server/provide-server.ts';

/** Who is signed in; asked of the server once, then kept. */
export const useSession = defineStore('session', () => {
  const server = useServer();
  const account = shallowRef<SignedIn | undefined>();
  /** Somebody else made the password: nothing but choosing another is open. */
  const mustChangePassword = computed(() => account.value?.mustChangePassword);
  /** The server ended a session that this page still had. */
  const hasExpired = ref(false);
  let asked = false;

  async function find(): Promise<SignedIn | undefined> {
    if (account.value || asked) return account.value;
    try {
      account.value = await server.me();
      asked = true;
    } catch (error) {
      // nobody is signed in, or the sign-in page tells that the server is away
      asked = isFailure(error, 'UNAUTHENTICATED');
    }
    return account.value;
  }
  async function signIn(input: { account: string; password: string }): Promise<void> {
    account.value = await server.signIn(input);
    hasExpired.value = false;
  }
  async function changePassword(input: ChangePassword): Promise<void> {
    account.value = await server.changePassword(input);
  }
  /** The page forgets the account even when the server cannot be told. */
  async function signOut(): Promise<void> {
    try {
      await server.signOut();
    } finally {
      account.value = undefined;
      hasExpired.value = false;
    }
  }
  function lose(): void {
    if (!account.value) return;
    account.value = undefined;
    hasExpired.value = true;
  }
  return { account, mustChangePassword, hasExpired, find, signIn, changePassword, signOut, lose };
});
