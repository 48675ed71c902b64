import { mobileAccountRoutes } from '#domain/contracts/public/mobile-accounts.ts';
import type { MobileAccounts } from '../services/portals/mobile-accounts.ts';
import type { Serve } from './serve.ts';

/** 点击注册. */
export function addMobileAccountRoutes(
  serve: Serve,
  { mobileAccounts }: { mobileAccounts: MobileAccounts },
): void {
  serve(mobileAccountRoutes.sendMobileAccountCode, ({ params, body, request }) =>
    mobileAccounts.sendCode(params.programme, { mobile: body.mobile, address: request.ip }),
  );
  serve(mobileAccountRoutes.openMobileAccount, ({ params, body, request }) =>
    mobileAccounts.open(params.programme, body, request.ip),
  );
}
