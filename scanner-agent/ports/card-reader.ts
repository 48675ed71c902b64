/** Port: a second-generation ID-card reader. */
import type { WaitOptions } from './wait-options.ts';

export type CardKind = 'resident' | 'hmt-residence' | 'foreigner-2017' | 'foreigner-2023';

/**
 * Text as the chip holds it, trimmed. Dates `YYYY-MM-DD`; `validTo` may be `长期`. A date that the chip holds in another
 * form stays as it is.
 */
export interface IdCard {
  kind: CardKind;
  /** The Chinese name; a foreigner without one has the English name here. */
  name: string;
  englishName?: string;
  /** 男, 女, 未知 or 未说明 (GB/T 2261.1); an unknown code stays as it is. */
  sex: string;
  /** Without 族 (GB/T 3304), residents only; an unknown code stays as its digits. */
  nation?: string;
  /** Three letters (ISO 3166), foreigners only. */
  nationality?: string;
  bornOn: string;
  address?: string;
  number: string;
  issuer?: string;
  passNumber?: string;
  validFrom: string;
  validTo: string;
  newestAddress?: string;
  /** The undecoded photo (WLT), 1024 bytes; absent where a vendor's service hands out none. */
  photoWlt?: Uint8Array;
  /** The picture, where a vendor's service has decoded it. */
  photo?: CardPhoto;
  /** Label of the reader's security module; empty when it does not tell. */
  samId: string;
}

export interface CardPhoto {
  mime: 'image/jpeg' | 'image/png' | 'image/bmp';
  bytes: Uint8Array;
}

export interface CardReaderHealth {
  id: string;
  name: string;
  driver: string;
  /** `web` is a vendor's program on this machine that owns the reader. */
  link: 'serial' | 'usb' | 'hid' | 'web';
  /** Device file, USB socket, or the service's address. */
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
   * `onPlaced` fires when a card is felt, once a placing. May be called again and again, not twice at a time. A card
   * that still lies there is read again, unless the reader itself wants it placed anew. Throws CARD_READER_MISSING,
   * CARD_NOT_PLACED (time is up), CARD_READ_FAILED, CARD_READER_UNAUTHORISED, CARD_READER_READING (a reading is under
   * way), CARD_READER_SERVICE_MISSING and CARD_READER_SERVICE_SILENT (a vendor's program), DEVICE_LOST (pulled out
   * meanwhile), DEVICE_TIMEOUT, DEVICE_BUSY (another program holds it), DEVICE_FORBIDDEN (no permission), DEVICE_FAULT (a
   * status nobody documented), or the signal's reason when called off.
   */
  readCard(options: WaitOptions & { onPlaced?: () => void }): Promise<IdCard>;
  close(): Promise<void>;
}
