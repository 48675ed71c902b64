import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { certificateFingerprint, describeCertificate } from '#sealing/certificate.ts';
import type { CertificateInfo } from '#sealing/certificate.ts';
import type { Token, TokenCertificate } from '../../ports/signing-token.ts';
import type { HostCertificate, HostToken } from './messages.ts';

/** Unique over all drivers; the driver's part ends at the first colon. */
export function tokenIdOf({ id }: HostToken, driver: TokenDriver): string {
  return `${driver.id}:${id}`;
}

/** A token as the port shows it. */
export function toToken(token: HostToken, driver: TokenDriver): Token {
  return {
    id: tokenIdOf(token, driver),
    label: token.label,
    serialNumber: token.serialNumber,
    driver: driver.id,
    simulated: driver.simulated,
    pin: { ...(driver.maxTries === undefined ? {} : { maxTries: driver.maxTries }), ...token.pin },
    certificates: token.certificates.flatMap((found) => {
      const certificate = readCertificate(found.der);
      // authorities' certificates lie on many tokens; they are no choice for a signer
      if (!certificate || certificate.isAuthority) return [];
      return [toTokenCertificate(certificate, found)];
    }),
  };
}

function readCertificate(der: Uint8Array): CertificateInfo | undefined {
  try {
    return describeCertificate(der);
  } catch {
    // an object that only calls itself a certificate cannot be offered
    return undefined;
  }
}

function toTokenCertificate(certificate: CertificateInfo, found: HostCertificate): TokenCertificate {
  const { algorithm, serialNumber, holderName, creditCode, issuerName, notBefore, notAfter } = certificate;
  return {
    id: `${found.keyId}:${certificateFingerprint(found.der).slice(0, 16)}`,
    use: found.use ?? certificate.use,
    algorithm,
    der: found.der,
    serialNumber,
    holderName,
    ...(creditCode === undefined ? {} : { creditCode }),
    issuerName,
    notBefore,
    notAfter,
  };
}
