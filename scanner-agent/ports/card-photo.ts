/** Port: the picture of an ID card's holder, which the chip holds in a closed format (WLT). */
import type { CardPhoto, IdCard } from './card-reader.ts';

/** Why a card's picture cannot be shown. */
export type PhotoMissing =
  /** Neither the chip's bytes nor a picture came from the reader. */
  | 'reader-gave-none'
  /** No decoder is configured: none but the vendors' own exists. */
  | 'no-decoder'
  /** The vendor's decoder is not where the profile says, crashed, or said no. */
  | 'decoder-failed'
  | 'decoder-hangs'
  /** What it gave is no picture. */
  | 'not-a-picture';

export type CardPicture = { kind: 'picture'; photo: CardPhoto } | { kind: 'missing'; why: PhotoMissing };

export interface CardPhotos {
  /** Never throws but the signal's reason: a card without its picture is a read card. */
  pictureOf(card: IdCard, options: { signal: AbortSignal }): Promise<CardPicture>;
}
