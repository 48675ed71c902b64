/** The process that holds one PKCS#11 library; its argument is the library's path. */
import pkcs11 from 'pkcs11js';
import type { Handle } from 'pkcs11js';
import type {
  HostCertificate,
  HostChangePinRequest,
  HostSignRequest,
  HostToken,
} from '../token-host/messages.ts';
import { during, notFound, serveLibrary } from '../token-host/serve-library.ts';
import { readPinState } from './failures.ts';

const CKF_TOKEN_INITIALIZED = 0x400;
const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
const CKR_USER_ALREADY_LOGGED_IN = 0x100;
const CKU_USER = 1;
const CKU_CONTEXT_SPECIFIC = 2;

function readCkr(error: unknown): number | undefined {
  return error instanceof pkcs11.Pkcs11Error ? error.code : undefined;
}

function load(path: string): pkcs11.PKCS11 {
  const library = new pkcs11.PKCS11();
  library.load(path);
  try {
    library.C_Initialize();
  } catch (error) {
    if (readCkr(error) !== CKR_CRYPTOKI_ALREADY_INITIALIZED) throw error;
  }
  return library;
}

/** Runs `work` in a session that is closed whatever happens: a failed sign leaves an operation active behind it. */
function inSession<Result>(
  library: pkcs11.PKCS11,
  { slot, flags = 0 }: { slot: Handle; flags?: number },
  work: (session: Handle) => Result,
): Result {
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | flags);
  try {
    return work(session);
  } finally {
    try {
      library.C_CloseSession(session);
    } catch {
      // a token that is gone has closed its sessions itself
    }
  }
}

function findObjects(library: pkcs11.PKCS11, session: Handle, template: pkcs11.Template): Handle[] {
  library.C_FindObjectsInit(session, template);
  try {
    const found: Handle[] = [];
    for (let batch = library.C_FindObjects(session, 16); batch.length > 0;) {
      found.push(...batch);
      batch = library.C_FindObjects(session, 16);
    }
    return found;
  } finally {
    library.C_FindObjectsFinal(session);
  }
}

function readCertificates(library: pkcs11.PKCS11, session: Handle): HostCertificate[] {
  const template = [{ type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE }];
  return findObjects(library, session, template).flatMap((object) => {
    const [keyId, der] = library.C_GetAttributeValue(session, object, [
      { type: pkcs11.CKA_ID },
      { type: pkcs11.CKA_VALUE },
    ]);
    if (!Buffer.isBuffer(keyId?.value) || !Buffer.isBuffer(der?.value) || der.value.length === 0) return [];
    return [{ keyId: keyId.value.toString('hex'), der: new Uint8Array(der.value) }];
  });
}

function listTokens(library: pkcs11.PKCS11): HostToken[] {
  const tokens: HostToken[] = [];
  for (const slot of library.C_GetSlotList(true)) {
    try {
      const info = library.C_GetTokenInfo(slot);
      if (!(info.flags & CKF_TOKEN_INITIALIZED)) continue;
      tokens.push({
        id: idOf(info),
        label: clean(info.label),
        serialNumber: clean(info.serialNumber),
        pin: readPinState(info.flags),
        certificates: inSession(library, { slot }, (session) => readCertificates(library, session)),
      });
    } catch (error) {
      // pulled out between two calls: it is simply no longer there; anything else is the caller's business
      if (library.C_GetSlotList(true).some((other) => other.equals(slot)) && !isGone(readCkr(error)))
        throw error;
    }
  }
  return tokens;
}

function isGone(ckr: number | undefined): boolean {
  return ckr === 0xe0 || ckr === 0x32 || ckr === 0xe1;
}

function idOf({ serialNumber, label }: { serialNumber: string; label: string }): string {
  return clean(serialNumber) || clean(label);
}

function findSlot(library: pkcs11.PKCS11, tokenId: string): { slot: Handle; tokenFlags: number } | undefined {
  for (const slot of library.C_GetSlotList(true)) {
    const info = library.C_GetTokenInfo(slot);
    if (idOf(info) === tokenId) return { slot, tokenFlags: info.flags };
  }
  return undefined;
}

function sign(library: pkcs11.PKCS11, request: HostSignRequest): Uint8Array[] {
  const found = during('list', () => findSlot(library, request.tokenId));
  if (!found) throw notFound('token');
  return during('find', () =>
    inSession(library, found, (session) => {
      const isThere = readCertificates(library, session).some(
        ({ keyId, der }) => keyId === request.keyId && Buffer.compare(der, request.certificateDer) === 0,
      );
      if (!isThere) throw notFound('certificate');
      during('login', () => login(library, session, request.pin));
      try {
        return during('sign', () => signAll(library, session, request));
      } finally {
        try {
          library.C_Logout(session);
        } catch {
          // closing the session logs out as well
        }
      }
    }),
  );
}

function changePin(library: pkcs11.PKCS11, { tokenId, pin, newPin }: HostChangePinRequest): void {
  const found = during('list', () => findSlot(library, tokenId));
  if (!found) throw notFound('token');
  during('change-pin', () =>
    inSession(library, { ...found, flags: pkcs11.CKF_RW_SESSION }, (session) => {
      library.C_SetPIN(session, pin, newPin);
    }),
  );
}

function login(library: pkcs11.PKCS11, session: Handle, pin: string): void {
  try {
    library.C_Login(session, CKU_USER, pin);
  } catch (error) {
    if (readCkr(error) !== CKR_USER_ALREADY_LOGGED_IN) throw error;
    // left over from a call that went wrong: nobody may sign on the strength of somebody else's PIN
    library.C_Logout(session);
    library.C_Login(session, CKU_USER, pin);
  }
}

function signAll(library: pkcs11.PKCS11, session: Handle, request: HostSignRequest): Uint8Array[] {
  const [key] = findObjects(library, session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_PRIVATE_KEY },
    { type: pkcs11.CKA_ID, value: Buffer.from(request.keyId, 'hex') },
  ]);
  if (!key) throw notFound('key');
  const mechanism = request.kind === 'rsa' ? pkcs11.CKM_RSA_PKCS : pkcs11.CKM_ECDSA;
  const asksEveryTime = readFlag(library, session, key, pkcs11.CKA_ALWAYS_AUTHENTICATE);
  return request.inputs.map((input) => {
    library.C_SignInit(session, { mechanism }, key);
    if (asksEveryTime) library.C_Login(session, CKU_CONTEXT_SPECIFIC, request.pin);
    return new Uint8Array(library.C_Sign(session, Buffer.from(input), Buffer.alloc(1024)));
  });
}

function readFlag(library: pkcs11.PKCS11, session: Handle, object: Handle, type: number): boolean {
  try {
    const [attribute] = library.C_GetAttributeValue(session, object, [{ type }]);
    return Buffer.isBuffer(attribute?.value) && attribute.value[0] === 1;
  } catch {
    // older libraries do not know the attribute
    return false;
  }
}

/** Fields are padded with blanks by the standard, with zero bytes by some vendors. */
function clean(text: string): string {
  return text.replace(/\0[\s\S]*$/, '').trim();
}

const path = process.argv[2] ?? '';
serveLibrary(() => {
  const library = load(path);
  return {
    list: () => listTokens(library),
    sign: (request) => sign(library, request),
    changePin: (request) => changePin(library, request),
    look(tokenId) {
      const found = findSlot(library, tokenId);
      return found && readPinState(found.tokenFlags);
    },
  };
}, readCkr);
