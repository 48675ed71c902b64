/** Port: the applicant's signing token (UKey). The vendor library behind it runs in a child process. */
import type { WaitOptions } from './wait-options.ts';

export type SignatureAlgorithm = 'RSA-SHA256' | 'ECDSA-SHA256' | 'SM2-SM3';

export interface TokenCertificate {
  /** Stable within the token. */
  id: string;
  use: 'sign' | 'encrypt';
  algorithm: SignatureAlgorithm;
  der: Uint8Array;
  serialNumber: string;
  /** Organisation (O) or common name of the holder. */
  holderName: string;
  /** 18 characters, where the certificate carries it (serialNumber 2.5.4.5 or organizationIdentifier 2.5.4.97 of the subject). */
  creditCode?: string;
  issuerName: string;
  /** ISO UTC. */
  notBefore: string;
  notAfter: string;
}

export interface PinState {
  locked: boolean;
  lastTry: boolean;
  countLow: boolean;
  isDefault: boolean;
  maxTries?: number;
  remainingTries?: number;
}

export interface Token {
  id: string;
  label: string;
  serialNumber: string;
  driver: string;
  simulated: boolean;
  pin: PinState;
  certificates: TokenCertificate[];
}

export interface SignRequest extends WaitOptions {
  tokenId: string;
  certificateId: string;
  /** Lives in this call only; never logged, never kept. */
  pin: string;
  /** The bytes to sign (hashed by the driver with the algorithm's digest), several under one PIN entry. */
  data: Uint8Array[];
}

export interface ChangePinRequest extends WaitOptions {
  tokenId: string;
  /** Both live in this call only; never logged, never kept. */
  pin: string;
  newPin: string;
}

export interface SigningTokens {
  /** Every token plugged in now, with its certificates (readable before any PIN). Empty when none. Throws DRIVER_MISSING, DEVICE_TIMEOUT. */
  list(options: WaitOptions): Promise<Token[]>;
  /**
   * Signatures in DER (ECDSA, with the low s, and SM2: SEQUENCE{r,s}; RSA: PKCS#1 v1.5 block), in the order of `data`.
   * Throws TOKEN_MISSING, TOKEN_REMOVED, PIN_INCORRECT (details.remainingTries where known), PIN_FORMAT, PIN_LOCKED,
   * CERTIFICATE_WRONG_USE, DEVICE_TIMEOUT, DEVICE_FAULT. Nothing is retried by itself.
   */
  sign(request: SignRequest): Promise<Uint8Array[]>;
  /**
   * Gives the token another PIN. Throws what `sign` throws, PIN_FORMAT also for a new PIN outside the token's rules;
   * a wrong old PIN costs a try. After DEVICE_TIMEOUT or TOKEN_REMOVED either PIN may be the right one.
   */
  changePin(request: ChangePinRequest): Promise<void>;
  close(): Promise<void>;
}
