import type { Registration } from '#domain/contracts/public/registration.ts';
import type { BrowserPlace, PhoneScan } from '../accounts/login/phone-scan.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { FollowRegistration } from './follow-registration.ts';

export interface EnterByTicketOptions {
  phoneScan: Pick<PhoneScan, 'takeRegistration'>;
  sessions: Pick<Sessions, 'open'>;
  follow: Pick<FollowRegistration, 'ofHandler'>;
}

/**
 * 扫码继续办理: whose phone scanned the code is signed in at this browser, as himself and until he takes one of his registrations
 * up; and which there are. Throws what the ticket is refused for.
 */
export function createEnterByTicket({ phoneScan, sessions, follow }: EnterByTicketOptions) {
  return async function enter(
    browser: string | undefined,
    { place, earlierToken }: { place: BrowserPlace; earlierToken: string | undefined },
  ): Promise<{ session: string; registrations: Registration[] }> {
    const { account, person, assurance } = await phoneScan.takeRegistration(browser);
    const session = await sessions.open({ account, way: 'phone-scan', assurance, place, earlierToken });
    return { session, registrations: await follow.ofHandler(person.idNumber) };
  };
}
export type EnterByTicket = ReturnType<typeof createEnterByTicket>;
