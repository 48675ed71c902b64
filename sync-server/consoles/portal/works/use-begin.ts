import { useRouter } from 'vue-router';
import { portalRecordRoutes } from '#domain/contracts/portal/records.ts';
import { usePortal } from '../stores/portal.ts';
import { useSession } from '../stores/session.ts';

/** A draft about a work, opened. Throws what the server says. */
export function useBegin(): (kind: string, work: string) => Promise<void> {
  const portal = usePortal();
  const session = useSession();
  const router = useRouter();
  return async (kind, work) => {
    const { id } = await session.ask(portalRecordRoutes.beginPortalDraft, {
      params: { programme: portal.view?.id ?? '' },
      body: { kind, role: session.role ?? '', work },
    });
    await router.push({ name: 'draft', params: { id } });
  };
}
