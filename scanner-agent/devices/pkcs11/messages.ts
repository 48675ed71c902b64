/** What the driver and the process that holds the vendor library say to each other (structured clone over IPC). */

/** A certificate object on a token, read before any login. */
export interface HostCertificate {
  /** CKA_ID, lower-case hexadecimal: joins certificate and private key. */
  keyId: string;
  der: Uint8Array;
}

export interface HostToken {
  label: string;
  serialNumber: string;
  model: string;
  /** CK_TOKEN_INFO.flags */
  flags: number;
  certificates: HostCertificate[];
}

export interface HostSignRequest {
  serialNumber: string;
  keyId: string;
  /** The certificate must still be there, byte for byte: another token may have been plugged in meanwhile. */
  certificateDer: Uint8Array;
  pin: string;
  kind: 'rsa' | 'ec';
  /** DigestInfo for RSA, the bare digest for ECDSA. */
  inputs: Uint8Array[];
}

export type HostRequest =
  { id: number; method: 'list' } | { id: number; method: 'sign'; request: HostSignRequest };

/** Where a call into the library failed, with the library's own return value. */
export interface HostFailure {
  stage: 'load' | 'list' | 'find' | 'login' | 'sign';
  /** CKR value, absent where the failure is not the library's. */
  ckr?: number;
  /** What was looked for and is not there. */
  missing?: 'token' | 'certificate' | 'key';
  message: string;
  /** Seen again after the failure: odd codes are judged by this, not by their name. */
  tokenPresent?: boolean;
  flags?: number;
}

export type HostAnswer =
  | { id: number; ok: true; value: HostToken[] | Uint8Array[] }
  | { id: number; ok: false; failure: HostFailure };
