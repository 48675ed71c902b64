/** The strings that are hashed or signed in the protocol between station and server, once. */
import type { BlobRef } from './schema.ts';

/** `payloadSha` and the blobs' hashes in order, joined by newlines; its SHA-256 is the manifest hash. */
export function manifestText(payloadSha: string, blobs: readonly Pick<BlobRef, 'sha'>[]): string {
  return [payloadSha, ...blobs.map((blob) => blob.sha)].join('\n');
}

/** What a station signs with its device key to open a session. */
export function helloText(hello: {
  nonce: string;
  stationId: string;
  installId: string;
  bootId: string;
}): string {
  return [hello.nonce, hello.stationId, hello.installId, hello.bootId].join('|');
}

/** What the server signs in a receipt. */
export function receiptText(receipt: {
  id: string;
  manifestSha: string;
  serverSeq: number;
  receivedAt: string;
}): string {
  return [receipt.id, receipt.manifestSha, String(receipt.serverSeq), receipt.receivedAt].join('|');
}
