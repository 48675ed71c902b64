/**
 * Run once in a process of its own, since SoftHSM reads its configuration from the environment: makes a token in an
 * empty slot and puts keys and certificates on it. Arguments: library, and a JSON order on the channel.
 */
import { createPrivateKey } from 'node:crypto';
import pkcs11 from 'pkcs11js';

export interface TokenOrder {
  label: string;
  pin: string;
  objects: {
    keyId: string;
    label: string;
    privateKeyPkcs8: Uint8Array;
    certificateDer: Uint8Array;
    subjectDer: Uint8Array;
  }[];
}

const bytes = (base64url: string | undefined): Buffer => Buffer.from(base64url ?? '', 'base64url');
// 1.2.840.10045.3.1.7, the curve P-256
const p256 = Buffer.from('06082a8648ce3d030107', 'hex');

function write(libraryPath: string, order: TokenOrder): string {
  const library = new pkcs11.PKCS11();
  library.load(libraryPath);
  library.C_Initialize();
  // SoftHSM always shows one more slot with an empty token; C_InitToken there makes a token and a new empty slot
  const slot = library.C_GetSlotList(true).at(-1);
  if (!slot) throw new Error('SoftHSM shows no slot');
  library.C_InitToken(slot, 'so-pin-of-a-simulation', order.label);
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION);
  library.C_Login(session, pkcs11.CKU_SO, 'so-pin-of-a-simulation');
  library.C_InitPIN(session, order.pin);
  library.C_Logout(session);
  library.C_Login(session, pkcs11.CKU_USER, order.pin);
  for (const object of order.objects) {
    const common = [
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_ID, value: Buffer.from(object.keyId, 'hex') },
      { type: pkcs11.CKA_LABEL, value: object.label },
    ];
    library.C_CreateObject(session, [
      ...common,
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
      { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
      { type: pkcs11.CKA_PRIVATE, value: false },
      { type: pkcs11.CKA_SUBJECT, value: Buffer.from(object.subjectDer) },
      { type: pkcs11.CKA_VALUE, value: Buffer.from(object.certificateDer) },
    ]);
    library.C_CreateObject(session, [
      ...common,
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
      { type: pkcs11.CKA_PRIVATE, value: true },
      { type: pkcs11.CKA_SENSITIVE, value: true },
      { type: pkcs11.CKA_EXTRACTABLE, value: false },
      { type: pkcs11.CKA_SIGN, value: true },
      ...keyValues(object.privateKeyPkcs8),
    ]);
  }
  library.C_CloseSession(session);
  return library.C_GetTokenInfo(slot).serialNumber.trim();
}

function keyValues(pkcs8: Uint8Array): pkcs11.Template {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const parts = key.export({ format: 'jwk' });
  if (key.asymmetricKeyType === 'ec') {
    return [
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_EC },
      { type: pkcs11.CKA_EC_PARAMS, value: p256 },
      { type: pkcs11.CKA_VALUE, value: bytes(parts.d) },
    ];
  }
  return [
    { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_RSA },
    { type: pkcs11.CKA_MODULUS, value: bytes(parts.n) },
    { type: pkcs11.CKA_PUBLIC_EXPONENT, value: bytes(parts.e) },
    { type: pkcs11.CKA_PRIVATE_EXPONENT, value: bytes(parts.d) },
    { type: pkcs11.CKA_PRIME_1, value: bytes(parts.p) },
    { type: pkcs11.CKA_PRIME_2, value: bytes(parts.q) },
    { type: pkcs11.CKA_EXPONENT_1, value: bytes(parts.dp) },
    { type: pkcs11.CKA_EXPONENT_2, value: bytes(parts.dq) },
    { type: pkcs11.CKA_COEFFICIENT, value: bytes(parts.qi) },
  ];
}

process.once('message', (message) => {
  try {
    process.send?.({ serialNumber: write(process.argv[2] ?? '', message as TokenOrder) });
  } catch (error) {
    process.send?.({ failure: String(error) });
  }
  process.disconnect();
});
