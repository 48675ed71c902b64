import { useRouter } from 'vue-router';
import { useSession } from '../stores/session.ts';

/** From a session that is open into the portal. Throws what the server says. */
export function useEnter(): (programme: string) => Promise<void> {
  const session = useSession();
  const router = useRouter();

  return async (programme) => {
    try {
      await session.load(programme);
    } catch (error) {
      // a session whose account does not belong here is ended again: nobody sits before a page that he cannot use
      await session.signOut();
      throw error;
    }
    await router.replace({ name: session.role === undefined ? 'role' : 'home' });
  };
}
