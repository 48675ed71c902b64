import { directoryRoutes } from '#domain/contracts/desk/directory.ts';
import type { Directory } from '../services/accounts/directory.ts';
import type { Announcements } from '../services/announcements.ts';
import type { Serve } from './serve.ts';

/** 账号查询, 冻结, 解冻. */
export function addDirectoryRoutes(
  serve: Serve,
  { directory, announcements }: { directory: Directory; announcements: Pick<Announcements, 'announce'> },
): void {
  serve(directoryRoutes.directory, ({ actor, query }) => directory.search(actor, query));
  /** Streams that are open end at once, and lists show it. */
  const told = async <T>(accountId: string, work: Promise<T>): Promise<T> => {
    const done = await work;
    announcements.announce({ type: 'account', accountId });
    return done;
  };
  serve(directoryRoutes.freezeAccount, ({ actor, params: { id }, body }) =>
    told(id, directory.freeze(actor, id, body)),
  );
  serve(directoryRoutes.thawAccount, ({ actor, params: { id }, body }) =>
    told(id, directory.thaw(actor, id, body)),
  );
  serve(directoryRoutes.resetRegistrantPassword, ({ actor, params: { id }, body }) =>
    told(id, directory.resetPassword(actor, id, body)),
  );
  serve(directoryRoutes.unmaskAccount, ({ actor, params, body }) => directory.unmask(actor, params.id, body));
}
