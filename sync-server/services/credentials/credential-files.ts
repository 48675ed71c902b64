import { formatVerificationCode } from '#domain/record/verification-code.ts';
import { maxCredentialFileBytes } from '#domain/credentials/file.ts';
import { numberOf, readCredentialBody } from '#domain/credentials/schema.ts';
import type { CredentialBody } from '#domain/credentials/schema.ts';
import type { FileVerdict, IssuedCredential } from '#domain/contracts/public/credentials.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { chinaTime } from '#domain/primitives.ts';
import {
  checkCredentialFile,
  credentialJson,
  fingerprintOf,
  sealCredentialPdf,
} from '#sealing/credential-file.ts';
import { drawCredential } from '#sealing/credential-pdf.ts';
import type { SealFont } from '#sealing/true-type.ts';
import type { CredentialRows } from '../../ports/credential-rows.ts';
import type { ServerKey } from '../../ports/surroundings.ts';
import type { Asker, LookUpCredential } from './look-up-credential.ts';
import type { VerificationCodes } from './verification-codes.ts';

export interface CredentialFilesOptions {
  lookUp: LookUpCredential;
  credentials: Pick<CredentialRows, 'ofIdentifier' | 'ofUniqueCode'>;
  verificationCodes: Pick<VerificationCodes, 'of'>;
  serverKey: Pick<ServerKey, 'publicKeyPem' | 'sign'>;
  fonts: readonly SealFont[];
}

/** A credential to take along, and the look at one that somebody brings. */
export function createCredentialFiles(options: CredentialFilesOptions) {
  const { lookUp, credentials, verificationCodes, serverKey, fonts } = options;

  const rowsOf = (body: CredentialBody): { label: string; value: string }[] => [
    { label: '持证单位', value: body.subject.name },
    { label: '统一社会信用代码', value: body.subject.creditCode },
    ...('titles' in body ? [{ label: '所属系统', value: body.titles.programme }] : []),
    ...('identifier' in body ? [{ label: '电子证照标识', value: body.identifier }] : []),
    { label: '唯一标识码', value: body.uniqueCode },
    { label: '查验码', value: formatVerificationCode(verificationCodes.of(body.uniqueCode)) },
    ...('issuer' in body ? [{ label: '颁发机构', value: body.issuer.name }] : []),
    { label: '颁发时间', value: chinaTime(body.issuedAt) },
    { label: '智能核验', value: '绿灯' },
    ...body.materials.map((material) => ({
      label: 'title' in material ? material.title : material.slot,
      value: material.pdfSha,
    })),
  ];

  return {
    /** `origin`: of the server as its visitor names it. Throws NOT_FOUND, TOO_MANY_ATTEMPTS, and as `drawCredential` does. */
    async pdf(identifier: string, by: Asker & { origin: string }): Promise<Uint8Array> {
      const { body: text, signature, issuedAt } = await lookUp.byIdentifier(identifier, by);
      const body = readCredentialBody(text);
      if (!body) throw new AppError('NOT_FOUND', { identifier });
      const page = await drawCredential(
        {
          title: '数字证照',
          subtitle: 'titles' in body ? body.titles.kind : body.kind,
          rows: rowsOf(body),
          address: addressOfCredential(by.origin, numberOf(body)),
          caption: '扫码查验当前状态',
          notes: [
            '本证照是否有效，以扫码或上传本文件查验的当前状态为准。',
            `颁发服务器公钥指纹：${fingerprintOf(serverKey.publicKeyPem)}`,
          ],
          createdAt: issuedAt,
        },
        fonts,
      );
      return sealCredentialPdf(page, { body: text, signature }, serverKey);
    },

    async json(identifier: string, by: Asker): Promise<Uint8Array> {
      const { body, signature } = await lookUp.byIdentifier(identifier, by);
      return credentialJson({ body, signature }, serverKey);
    },

    /** Throws TOO_MANY_ATTEMPTS, FILE_TOO_LARGE. */
    async check(
      bytes: Uint8Array,
      by: Asker,
    ): Promise<{ verdict: FileVerdict; credential?: IssuedCredential }> {
      await lookUp.countAttempt(by);
      if (bytes.length > maxCredentialFileBytes) throw new AppError('FILE_TOO_LARGE');
      const checked = checkCredentialFile(bytes, serverKey.publicKeyPem);
      if (checked.verdict !== 'holds') return { verdict: checked.verdict };
      const { body, signed } = checked;
      const found =
        'identifier' in body
          ? await credentials.ofIdentifier(body.identifier)
          : await credentials.ofUniqueCode(body.uniqueCode);
      // signed here once, and lost with a database that was restored from an earlier day
      if (found?.body !== signed.body) return { verdict: 'unknown' };
      return { verdict: 'genuine', credential: await lookUp.show(found) };
    },

    key: (): Uint8Array => Buffer.from(serverKey.publicKeyPem),
  };
}
export type CredentialFiles = ReturnType<typeof createCredentialFiles>;

/** Where a QR leads to. */
export const addressOfCredential = (origin: string, number: string): string =>
  `${origin}/credentials/${encodeURIComponent(number)}`;
