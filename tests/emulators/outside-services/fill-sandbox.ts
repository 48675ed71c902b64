/** What a simulated counter adds to the sandbox: the keys in its UKeys, and whom `npm start` was told of. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { demoIdCard } from '../../support/documents/resident-id-card.ts';
import type { SimulatedToken } from '../signing-token/simulated-token.ts';
import { openidStateSchema } from './schemas.ts';
import type { SandboxBusiness, SandboxKey, SandboxPerson } from './schemas.ts';

export interface Filling {
  tokens: SimulatedToken['tokens'];
  companies: readonly { companyName: string; creditCode: string }[];
  /** Whose name is on the card that lies on the reader. */
  cardHolder: string | undefined;
  /** Where browsers reach the server. */
  serverUrl: string;
}

export async function fillSandbox(
  url: string,
  { tokens, companies, cardHolder, serverUrl }: Filling,
): Promise<void> {
  const put = async (
    path: string,
    body: SandboxKey | SandboxBusiness | SandboxPerson | string[],
  ): Promise<void> => {
    const answer = await fetch(`${url}/sandbox/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`外部服务沙箱没有接受：${await answer.text()}`);
  };
  const { programme } = openidStateSchema
    .pick({ programme: true })
    .parse(await (await fetch(`${url}/sandbox/openid`)).json());
  await put('openid/redirect-uris', [`${serverUrl}/portal/${programme}/login/openid`]);
  for (const { creditCode, signingCertificate } of tokens)
    if (signingCertificate !== undefined) await put('keys', { creditCode, ...keyOf(signingCertificate) });

  const known = z
    .array(z.object({ creditCode: z.string() }))
    .parse(await (await fetch(`${url}/sandbox/businesses`)).json());
  for (const { companyName, creditCode } of companies)
    // what was changed on the sandbox's page stays
    if (!known.some((one) => one.creditCode === creditCode))
      await put('businesses', {
        ...{ creditCode, name: companyName },
        legalRepresentative: cardHolder ?? demoIdCard.name,
        type: '有限责任公司',
        address: '（请在沙箱页面修改）',
        registeredCapital: '（请在沙箱页面修改）',
        establishedOn: '2020-01-01',
        businessScope: '（请在沙箱页面修改）',
        state: 'active',
      });
  if (cardHolder !== undefined)
    await put('persons', { name: cardHolder, idNumber: demoIdCard.idNumber, mobile: '13900000001' });
}

function keyOf(certificateBase64: string): Omit<SandboxKey, 'creditCode'> {
  const certificate = new X509Certificate(Buffer.from(certificateBase64, 'base64'));
  return {
    serial: certificate.serialNumber,
    holderName: /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? '',
    validFrom: new Date(certificate.validFrom).toISOString(),
    validUntil: new Date(certificate.validTo).toISOString(),
    state: 'valid',
  };
}
