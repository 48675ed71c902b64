/**
 * Whether the station that sends a blob has shown its bytes. Until it has, it hears nothing of what others brought: a hash
 * alone finds out nothing, and a blob that is here comes once more.
 */
export interface Proof {
  isKnown(): Promise<boolean>;
  /** All bytes came from it and are what their name says. Nothing is answered before this has resolved. */
  note(): Promise<void>;
}

/** Port: pages and sealed PDFs, immutable, named by the SHA-256 (hex) of what they hold. */
export interface BlobStore {
  /** Whether it is here whole and durable; waits where it is being made so. */
  has(sha: string): Promise<boolean>;
  /**
   * Bytes of an unfinished blob of this station (0 when there are none), or `done`: it is here, and this station has shown
   * it. The file's own size is the truth, so this is right after a crash too.
   */
  offsetOf(blob: { stationId: string; sha: string; size: number; proof: Proof }): Promise<number | 'done'>;
  /**
   * Writes what comes at `off` when that is where the blob ends; any other offset writes nothing and answers the true one.
   * What arrived before the body broke off stays. At `size` bytes the content is hashed: right, it is `done`, and durable when `has` says so;
   * wrong, the blob starts again: throws HASH_MISMATCH. More bytes than `size`: BAD_REQUEST. Full disk, or a store that
   * does not answer: SERVER_BUSY. Calls for one blob may cross: none writes over the other.
   */
  append(piece: {
    stationId: string;
    sha: string;
    size: number;
    off: number;
    proof: Proof;
    /** Its parts are used up: their memory is given back at once. */
    body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  }): Promise<number | 'done'>;
  /** Writes a whole blob, whose hash the caller knows to be right; again is fine. Durable when resolved. */
  put(sha: string, bytes: Uint8Array): Promise<void>;
  /** What is not what its name says gives way, so that the blob can come again. Nothing happens where there is none. */
  setAside(sha: string): Promise<void>;
  /** For what one thing alone knows the name of, as bytes under a key of its own: gone for good. Twice is fine. */
  remove(sha: string): Promise<void>;
  /** Removes unfinished blobs that nobody wrote to since then (milliseconds since 1970); answers how many. */
  sweep(untouchedSinceMs: number): Promise<number>;
  /** Throws when blobs could neither be read nor written now. */
  check(): Promise<void>;
  /** True where no whole blob is here. */
  isEmpty(): Promise<boolean>;
  /** The bytes. Throws NOT_FOUND. */
  read(sha: string): Promise<Uint8Array>;
  /** True when new uploads must wait for space. */
  isShort(): Promise<boolean>;
}
