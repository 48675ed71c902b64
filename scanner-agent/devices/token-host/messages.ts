/** What a token driver and the process that holds the vendor library say to each other (structured clone over IPC). */
import type { PinState } from '../../ports/signing-token.ts';

/** A certificate on a token, read before any login. */
export interface HostCertificate {
  /** Joins certificate and private key within the token; hexadecimal and dots. */
  keyId: string;
  der: Uint8Array;
  /** Said where the interface itself tells encryption certificates apart; else the certificate's keyUsage decides. */
  use?: 'encrypt';
}

export interface HostToken {
  /** Finds the token again in a later request; stable while its content is. */
  id: string;
  label: string;
  serialNumber: string;
  pin: PinState;
  certificates: HostCertificate[];
}

export interface HostSignRequest {
  tokenId: string;
  keyId: string;
  /** The certificate must still be there, byte for byte: another token may have been plugged in meanwhile. */
  certificateDer: Uint8Array;
  pin: string;
  kind: 'rsa' | 'ec' | 'sm2';
  /** What the library wants to be given, see TokenApi.inputOf. */
  inputs: Uint8Array[];
}

export interface HostChangePinRequest {
  tokenId: string;
  pin: string;
  newPin: string;
}

export type HostQuestion =
  | { method: 'list' }
  | { method: 'sign'; request: HostSignRequest }
  | { method: 'changePin'; request: HostChangePinRequest };
export type HostRequest = { id: number } & HostQuestion;

/** Where a call into the library failed, with the library's own return value. */
export interface HostFailure {
  stage: 'load' | 'list' | 'find' | 'login' | 'sign' | 'change-pin';
  /** CKR or SAR value, absent where the failure is not the library's. */
  code?: number;
  /** What was looked for and is not there. */
  missing?: 'token' | 'certificate' | 'key';
  message: string;
  /** Seen again after the failure: odd codes are judged by this, not by their name. */
  tokenPresent?: boolean;
  /** As seen after the failure. */
  pin?: PinState;
}

export type HostAnswer =
  | { id: number; ok: true; value: HostToken[] | Uint8Array[] | undefined }
  | { id: number; ok: false; failure: HostFailure };
