import type { Catalogue } from '#domain/catalogue/schema.ts';
import { typeCodeOf } from '#domain/catalogue/credentials.ts';
import { makeIdentifier } from '#domain/credentials/identifier.ts';
import { writeCredentialBody } from '#domain/credentials/schema.ts';
import { makeVerificationCode, verificationCodeBytes } from '#domain/record/verification-code.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import type { IssueCredential } from '../../ports/credential-rows.ts';
import type { ServerKey } from '../../ports/surroundings.ts';
import type { VerificationCodes } from './verification-codes.ts';

/**
 * Under the name in the signer's own certificate. Names no person in full and no content of a paper: anybody who has the number
 * may see it. The serial follows from the server's key, so that a job that is done twice issues the same one.
 */
export function createIssueCredential({
  catalogue,
  serverKey,
  verificationCodes,
}: {
  catalogue: Catalogue;
  serverKey: Pick<ServerKey, 'sign' | 'mac'>;
  verificationCodes: Pick<VerificationCodes, 'of'>;
}): IssueCredential {
  return ({ record, materials, uniqueCode, version, at }) => {
    const programme = catalogue.programmes.find(({ id }) => id === record.programme);
    const kind = programme?.recordKinds.find(({ id }) => id === record.kind);
    const type = programme?.credentials?.types.find((one) => one.kind === record.kind);
    if (!programme?.credentials || !kind || !type) return undefined;
    const { issuer } = programme.credentials;
    const serial = makeVerificationCode(
      serverKey
        .mac('ludeng/credential-serial/1', `${uniqueCode} ${version}`)
        .subarray(0, verificationCodeBytes),
    );
    const identifier = makeIdentifier({
      type: typeCodeOf(programme.credentials, type.code),
      issuer: issuer.code,
      ...{ serial, version },
    });
    const body = writeCredentialBody({
      ...{ identifier, uniqueCode, version, issuer, issuedAt: at, recordId: record.id },
      ...{ programme: programme.id, kind: kind.id },
      titles: { programme: programme.name, kind: kind.title },
      subject: holderOf(record, materials[0]?.report.signerName),
      materials: materials.map(({ slot, pdfSha }) => ({
        ...{ slot, pdfSha },
        title: kind.materials.find(({ id }) => id === slot)?.title ?? slot,
      })),
    });
    const verificationCode = verificationCodes.of(uniqueCode);
    return { identifier, uniqueCode, issuedAt: at, body, signature: serverKey.sign(body), verificationCode };
  };
}

function holderOf({ subject }: LudengRecord, signerName: string | undefined) {
  const { kind, name, creditCode } = subject;
  return {
    name: signerName ?? name,
    creditCode: kind === 'person' ? maskIdNumber(creditCode) : creditCode,
  };
}

/** Whether a green record's credential comes with its storing, and waits for no decision. */
export type IsIssuedAtOnce = (record: Pick<LudengRecord, 'programme' | 'kind'>) => boolean;

export const createIsIssuedAtOnce =
  ({ programmes }: Catalogue): IsIssuedAtOnce =>
  ({ programme, kind }) =>
    programmes
      .find(({ id }) => id === programme)
      ?.credentials?.types.some((type) => type.kind === kind && type.issued === 'stored') ?? false;
