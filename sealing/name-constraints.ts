/**
 * Name constraints (RFC 5280 §4.2.1.10): an authority may be allowed to name only some subjects. Directory names, mail
 * addresses, hosts and addresses in the network are understood; what bears on a name of another kind refuses it.
 */
import { equalBytes, readAll, readTlv } from './der.ts';
import type { Tlv } from './der.ts';
import { isNameWithin, readDistinguishedName } from './names.ts';

/** A GeneralName by its context tag: 1 mail, 2 host, 4 directory name, 6 address (URI), 7 network address. */
export interface GeneralName {
  kind: number;
  value: Uint8Array;
}

export interface NameConstraints {
  permitted: readonly GeneralName[];
  excluded: readonly GeneralName[];
}

/** Throws for what is none, and for distances that RFC 5280 does not allow. */
export function readNameConstraints(der: Uint8Array): NameConstraints {
  const fields = readAll(readTlv(der).value);
  const subtrees = (tag: number): GeneralName[] => {
    const field = fields.find((one) => one.tag === tag);
    return field ? readAll(field.value).map(({ value }) => readSubtree(value)) : [];
  };
  if (fields.length === 0 || fields.some(({ tag }) => tag !== 0xa0 && tag !== 0xa1))
    throw new Error('no name constraints');
  return { permitted: subtrees(0xa0), excluded: subtrees(0xa1) };
}

function readSubtree(content: Uint8Array): GeneralName {
  const [base, ...distances] = readAll(content);
  if (!base || distances.length > 0) throw new Error('a subtree with distances');
  return readGeneralName(base);
}

export function readGeneralName({ tag, value }: Tlv): GeneralName {
  return { kind: tag & 0x1f, value };
}

/** Whether every one of `names` may be given by who is bound by `constraints`. Throws where a name cannot be read. */
export function isAllowedName(
  names: readonly GeneralName[],
  { permitted, excluded }: NameConstraints,
): boolean {
  return names.every((name) => {
    const allowed = permitted.filter(({ kind }) => kind === name.kind);
    const forbidden = excluded.filter(({ kind }) => kind === name.kind);
    if (allowed.length + forbidden.length === 0) return true;
    if (!understood.has(name.kind)) return false;
    if (allowed.length > 0 && !allowed.some((subtree) => isWithin(name, subtree))) return false;
    return !forbidden.some((subtree) => isWithin(name, subtree));
  });
}

const understood = new Set([1, 2, 4, 6, 7]);

function isWithin(name: GeneralName, subtree: GeneralName): boolean {
  switch (name.kind) {
    case 1:
      return isMailWithin(lower(name.value), lower(subtree.value));
    case 2:
      return isHostWithin(lower(name.value), lower(subtree.value));
    case 4:
      return isNameWithin(readDistinguishedName(name.value), readDistinguishedName(subtree.value));
    case 6:
      return isUrlWithin(lower(name.value), lower(subtree.value));
    default:
      return isAddressWithin(name.value, subtree.value);
  }
}

const lower = (value: Uint8Array): string => Buffer.from(value).toString('latin1').toLowerCase();

function isHostWithin(host: string, subtree: string): boolean {
  return subtree === '' || host === subtree || host.endsWith(`.${subtree.replace(/^\./, '')}`);
}

/** One box, all boxes of a host, or all boxes below a domain (with a leading dot). */
function isMailWithin(mail: string, subtree: string): boolean {
  const host = mail.slice(mail.lastIndexOf('@') + 1);
  if (subtree.includes('@')) return mail === subtree;
  return subtree.startsWith('.') ? host.endsWith(subtree) : host === subtree;
}

function isUrlWithin(url: string, subtree: string): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/.exec(url)?.[1];
  // an address without a host, or with a network address for one, is in no subtree (RFC 5280)
  if (host === undefined || /^[\d.]+$|^\[/.test(host)) throw new Error('an address without a host');
  return subtree.startsWith('.') ? host.endsWith(subtree) : host === subtree;
}

function isAddressWithin(address: Uint8Array, subtree: Uint8Array): boolean {
  if (subtree.length !== address.length * 2) return false;
  const [base, mask] = [subtree.subarray(0, address.length), subtree.subarray(address.length)];
  const masked = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => byte & (mask[index] ?? 0));
  return equalBytes(masked(address), masked(base));
}
