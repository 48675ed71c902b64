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
  serve(directoryRoutes.freezeAccount, async ({ actor, params: { id }, body }) => {
    const frozen = await directory.freeze(actor, id, body);
    // streams that are open end at once
    announcements.announce({ type: 'account', accountId: id });
    return frozen;
  });
  serve(directoryRoutes.thawAccount, ({ actor, params, body }) => directory.thaw(actor, params.id, body));
  serve(directoryRoutes.unmaskAccount, ({ actor, params, body }) => directory.unmask(actor, params.id, body));
}
