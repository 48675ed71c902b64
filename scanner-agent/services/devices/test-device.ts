/** The test button of the device page: a device does its work once, and nothing of it is kept. */
import { chinaDay } from '#domain/primitives.ts';
import { createPublicKey, randomBytes, verify, X509Certificate } from 'node:crypto';
import { AppError } from '#domain/errors/app-error.ts';
import type { DeviceTest } from '#domain/contracts/kiosk/devices.ts';
import type { CardReader } from '../../ports/card-reader.ts';
import type { SigningTokens } from '../../ports/signing-token.ts';
import { tellCardFailure } from '../capture/card-failures.ts';

export interface TestDeviceDeps {
  cardReaders: () => readonly CardReader[];
  tokens: SigningTokens;
}

const placeMs = 20_000;
const tokenMs = 15_000;

export type TestDevice = (asked: {
  id: string;
  /** A UKey signs with it; without it only the UKey's certificates are read. */
  pin?: string | undefined;
  signal: AbortSignal;
}) => Promise<DeviceTest>;

/** Throws what the device throws; NOT_FOUND for a device that is not listed. */
export function createTestDevice({ cardReaders, tokens }: TestDeviceDeps): TestDevice {
  async function testCardReader(reader: CardReader, signal: AbortSignal): Promise<DeviceTest> {
    const startedAt = performance.now();
    try {
      const card = await reader.readCard({ signal, timeoutMs: placeMs });
      // The person at the counter sees that it is their card; nobody else learns who was here.
      return told(`已读到证件：${hidden(card.name)}，号码尾号 ${card.number.slice(-4)}`, startedAt);
    } catch (error) {
      throw tellCardFailure(error);
    }
  }

  async function testToken(id: string, pin: string | undefined, signal: AbortSignal): Promise<DeviceTest> {
    const startedAt = performance.now();
    const wait = { signal, timeoutMs: tokenMs };
    const token = (await tokens.list(wait)).find((one) => one.id === id);
    if (!token) throw new AppError('NOT_FOUND', { id });
    const certificate = token.certificates.find(({ use }) => use === 'sign');
    if (!certificate) throw new AppError('TOKEN_HAS_NO_CERTIFICATE');
    if (pin === undefined) {
      return told(
        `已读到签名证书：${certificate.holderName}，有效期至 ${chinaDay(certificate.notAfter)}`,
        startedAt,
      );
    }
    const data = randomBytes(32);
    const [signature] = await tokens.sign({
      ...wait,
      tokenId: id,
      certificateId: certificate.id,
      pin,
      data: [data],
    });
    if (certificate.algorithm === 'SM2-SM3')
      return told('已完成一次试签（SM2），签名值由签章时的验证程序核对', startedAt);
    const key = createPublicKey(
      new X509Certificate(certificate.der).publicKey.export({ type: 'spki', format: 'pem' }),
    );
    if (!signature || !verify('sha256', data, key, signature)) throw new AppError('SIGNATURE_INVALID');
    return told('已完成一次试签，签名验证通过', startedAt);
  }

  return async ({ id, pin, signal }) => {
    const reader = cardReaders().find((one) => one.health().id === id);
    return reader ? testCardReader(reader, signal) : testToken(id, pin, signal);
  };
}

function told(text: string, startedAt: number): DeviceTest {
  return { text, tookMs: Math.round(performance.now() - startedAt) };
}

/** 王小测 becomes 王**. */
function hidden(name: string): string {
  const [first = '', ...rest] = [...name];
  return `${first}${'*'.repeat(rest.length)}`;
}
