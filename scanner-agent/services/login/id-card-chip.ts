/**
 * 刷身份证: the chip says who its holder is. It asks for no PIN, so that it proves no more than one factor; it needs no
 * connection.
 */
import type { Proof } from '#domain/accounts/assurance.ts';
import type { Session } from '#domain/contracts/kiosk/session.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { chinaDay } from '#domain/primitives.ts';
import type { CardReader, IdCard } from '../../ports/card-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import { tellCardFailure } from '../capture/card-failures.ts';

/** So long the page waits for a card before it asks again. */
const cardTimeoutMs = 60_000;
const longTerm = '长期';

export interface CardLoginDeps {
  /** Whichever reader gets the card first. */
  readCard: (options: Parameters<CardReader['readCard']>[0]) => Promise<{ card: IdCard }>;
  clock: Clock;
}

/** Throws what `CardReader.readCard` throws, in a card reader's words, and CARD_EXPIRED. */
export async function logInByCard(
  { readCard, clock }: CardLoginDeps,
  { signal }: { signal: AbortSignal },
): Promise<Pick<Session, 'subject' | 'holderName'> & { proof: Proof }> {
  const { card } = await readCard({ signal, timeoutMs: cardTimeoutMs }).catch((error: unknown) => {
    throw tellCardFailure(error);
  });
  const at = clock.now();
  if (card.validTo !== longTerm && card.validTo < chinaDay(at))
    throw new AppError('CARD_EXPIRED', { validTo: card.validTo });
  const { name, number } = card;
  return {
    subject: { kind: 'person', name, creditCode: number },
    holderName: name,
    proof: {
      ...{ way: 'id-card-chip', level: 'password', at },
      identity: { kind: 'person', scheme: 'id-number', value: number, name },
    },
  };
}
