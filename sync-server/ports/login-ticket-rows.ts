/** Port: codes that a browser shows and a phone scans. Neither half of a ticket is anywhere, only their SHA-256. */
import type { Assurance } from '#domain/accounts/assurance.ts';
import type { TicketPurpose, TicketState } from '#domain/contracts/public/login-tickets.ts';

export interface LoginTicket {
  id: string;
  programme: string;
  purpose: TicketPurpose;
  /** As it was last set: whether it has run out, `expiresAtMs` says. */
  state: Exclude<TicketState, 'expired'>;
  /** Of the computer that shows it. */
  address: string;
  device: string;
  madeAt: string;
  expiresAtMs: number;
  /** Account of the person who scanned it. */
  scannedBy?: string;
  chosen?: { account?: string; system?: string; assurance: Assurance };
}

export type NewTicket = Pick<
  LoginTicket,
  'id' | 'programme' | 'purpose' | 'address' | 'device' | 'madeAt' | 'expiresAtMs'
> & { ticketSha: string; browserSha: string };

export interface LoginTicketRows {
  /**
   * What has run out goes, and the ticket that the browser showed before (`endsSha`, of its half). False, and nothing is kept,
   * where the address has `maxOfAddress` that are still good.
   */
  make(
    ticket: NewTicket,
    options: { nowMs: number; maxOfAddress: number; endsSha?: string | undefined },
  ): Promise<boolean>;
  findByTicket(ticketSha: string): Promise<LoginTicket | undefined>;
  findByBrowser(browserSha: string): Promise<LoginTicket | undefined>;
  /** It is this person's from now on, and no other's. False where another was first. The same one again is fine. */
  scan(id: string, by: { account: string; nowMs: number; expiresAtMs: number }): Promise<boolean>;
  /** False where it is not this person's, or was answered already. */
  choose(
    id: string,
    choice: { by: string; account?: string | undefined; system?: string | undefined; assurance: Assurance },
  ): Promise<boolean>;
  /** False as for `choose`. */
  refuse(id: string, by: string): Promise<boolean>;
  /** One transaction. True once, for one of however many that ask at once, where it was chosen and has not run out. */
  take(id: string, options: { nowMs: number }): Promise<boolean>;
}
