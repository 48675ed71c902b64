import type { CertificateAlgorithm } from './certificate.ts';

/** The two kinds of seal. One signature belongs to exactly one, by its signer's key. */
export const profiles = {
  /** PAdES B-B with RSA or ECDSA: every common viewer can check it. */
  pades: { filter: 'Adobe.PPKLite', subFilter: 'ETSI.CAdES.detached', digest: 'sha256' },
  /**
   * SM2 and SM3 in the identifiers of GM/T 0010. Names of its own: a viewer that does not know the profile must say
   * that it cannot check, not that the seal is wrong.
   */
  gm: { filter: 'Ludeng.GM', subFilter: 'Ludeng.GMT0010.detached', digest: 'sm3' },
} as const;

export type ProfileName = keyof typeof profiles;
export type SealProfile = (typeof profiles)[ProfileName];

export function profileOf(algorithm: CertificateAlgorithm): ProfileName {
  return algorithm === 'SM2-SM3' ? 'gm' : 'pades';
}
