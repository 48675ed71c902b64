/** Port: a second-generation ID-card reader. */
import type { WaitOptions } from './paper-reader.ts';

export type CardKind = 'resident' | 'hmt-residence' | 'foreigner-2017' | 'foreigner-2023';

/** Text as the chip holds it, trimmed. Dates `YYYY-MM-DD`; `validTo` may be `长期`. */
export interface IdCard {
  kind: CardKind;
  name: string;
  englishName?: string;
  sex: string;
  nation?: string;
  nationality?: string;
  bornOn: string;
  address?: string;
  number: string;
  issuer?: string;
  passNumber?: string;
  validFrom: string;
  validTo: string;
  newestAddress?: string;
  /** The undecoded photo (WLT), 1024 bytes. */
  photoWlt: Uint8Array;
  samId: string;
}

export interface CardReaderHealth {
  id: string;
  name: string;
  driver: string;
  link: 'serial' | 'usb' | 'hid';
  path: string;
  simulated: boolean;
  state: 'ready' | 'missing' | 'fault';
  /** Set when not ready: an ErrorCode of domain/errors. */
  errorCode?: string;
}

export interface CardReader {
  health(): CardReaderHealth;
  /**
   * Waits for a card to be placed and reads it once (find, select, read as a loop).
   * `onPlaced` fires when a card is felt. Throws CARD_READER_MISSING, CARD_NOT_PLACED (time is up), CARD_READ_FAILED,
   * CARD_READER_UNAUTHORISED, DEVICE_LOST, DEVICE_TIMEOUT, DEVICE_BUSY.
   */
  readCard(options: WaitOptions & { onPlaced?: () => void }): Promise<IdCard>;
  close(): Promise<void>;
}
