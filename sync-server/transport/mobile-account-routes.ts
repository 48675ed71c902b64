import { mobileAccountRoutes } from '#domain/contracts/public/mobile-accounts.ts';
import type { Announcements } from '../services/announcements.ts';
import type { MobileAccounts } from '../services/portals/mobile-accounts.ts';
import type { Serve } from './serve.ts';

/** 点击注册, and 忘记密码. */
export function addMobileAccountRoutes(
  serve: Serve,
  {
    mobileAccounts,
    announcements,
  }: { mobileAccounts: MobileAccounts; announcements: Pick<Announcements, 'announce'> },
): void {
  serve(mobileAccountRoutes.sendMobileAccountCode, ({ params, body, request }) =>
    mobileAccounts.sendCode(params.programme, { mobile: body.mobile, address: request.ip }),
  );
  serve(mobileAccountRoutes.openMobileAccount, ({ params, body, request }) =>
    mobileAccounts.open(params.programme, body, request.ip),
  );
  serve(mobileAccountRoutes.sendMobilePasswordCode, ({ params, body, request }) =>
    mobileAccounts.sendPasswordCode(params.programme, { mobile: body.mobile, address: request.ip }),
  );
  serve(mobileAccountRoutes.chooseMobilePassword, async ({ params, body, request }) => {
    const { id: accountId, ...told } = await mobileAccounts.choosePassword(
      params.programme,
      body,
      request.ip,
    );
    announcements.announce({ type: 'account', accountId });
    return told;
  });
}
