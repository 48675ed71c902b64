/** One seal on one PDF: prepared, signed by the token, stamped with the time where there is an authority, and verified. */
import { AppError } from '#domain/errors/app-error.ts';
import type { Seal } from '#domain/record/schema.ts';
import { authoritiesBetween } from '#sealing/chain.ts';
import type { CheckRevocation, TrustQuestion } from '#sealing/chain.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import type { PreparedSeal, SealPlacement } from '#sealing/prepare-seal.ts';
import type { SealAppearance } from '#sealing/seal-picture.ts';
import { normaliseSignature } from '#sealing/signature.ts';
import type { SealFont } from '#sealing/true-type.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogError } from '../../ports/log.ts';
import type { SigningTokens, Token, TokenCertificate } from '../../ports/signing-token.ts';

const tokenTimeoutMs = 30_000;

/** What a station takes for trustworthy, as known now. */
export interface StationTrust {
  anchors: () => readonly Uint8Array[];
  timestampAnchors: readonly Uint8Array[];
  revocation: CheckRevocation;
  mustKnowRevocation: boolean;
}

export interface ApplySealDeps {
  tokens: SigningTokens;
  clock: Clock;
  fonts: readonly SealFont[];
  trust: StationTrust;
  /** Asks the time authority; undefined where none is configured. Throws for whatever goes wrong. */
  stampTime?: ((signature: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>) | undefined;
  logError: LogError;
}

export interface SealJob {
  pdf: Uint8Array;
  token: Token;
  certificate: TokenCertificate;
  pin: string;
  placement: SealPlacement;
  appearance: SealAppearance;
  seam: { at: number } | undefined;
  reason: string;
  signal: AbortSignal;
}

export interface AppliedSeal {
  pdf: Uint8Array;
  timestamp: Seal['timestamp'];
}

export function trustQuestion(trust: StationTrust, at: string): TrustQuestion {
  return {
    trustAnchors: trust.anchors(),
    timestampAnchors: trust.timestampAnchors,
    revocation: trust.revocation,
    mustKnowRevocation: trust.mustKnowRevocation,
    at,
  };
}

/** Throws what `SigningTokens.sign` and `prepareSeal` throw, and SIGNATURE_INVALID. */
export async function applySeal(deps: ApplySealDeps, job: SealJob): Promise<AppliedSeal> {
  const { tokens, clock, fonts, trust } = deps;
  const prepared = await prepareSeal(job.pdf, {
    signerCertificate: job.certificate.der,
    placement: job.placement,
    appearance: job.appearance,
    fonts,
    chain: authoritiesBetween(job.certificate.der, trustQuestion(trust, clock.now())),
    sealedAt: clock.now(),
    reason: job.reason,
    ...(job.seam ? { seam: job.seam } : {}),
  });
  const [given] = await tokens.sign({
    tokenId: job.token.id,
    certificateId: job.certificate.id,
    pin: job.pin,
    data: [prepared.dataToSign],
    signal: job.signal,
    timeoutMs: tokenTimeoutMs,
  });
  if (!given) throw new AppError('DEVICE_FAULT');
  // before the time authority sees it: it stamps the one writing that the seal will carry
  const signature = normaliseSignature(job.certificate.der, given);
  const stamped = await stamp(deps, { prepared, signature, signal: job.signal });
  if (stamped) return stamped;
  const pdf = completeSeal(prepared, signature);
  // What leaves the station must stand before the strictest reader; better to learn it here.
  const verified = await verifySeal(pdf, trustQuestion(trust, clock.now()));
  if (!verified.valid)
    throw new AppError('SIGNATURE_INVALID', { problems: verified.problems.map(({ code }) => code) });
  return { pdf, timestamp: deps.stampTime ? { state: 'unavailable' } : undefined };
}

/** The sealed and stamped PDF; undefined when no stamp could be had that holds, for the seal is good without one. */
async function stamp(
  { stampTime, clock, trust, logError }: ApplySealDeps,
  { prepared, signature, signal }: { prepared: PreparedSeal; signature: Uint8Array; signal: AbortSignal },
): Promise<AppliedSeal | undefined> {
  if (!stampTime) return undefined;
  try {
    const pdf = completeSeal(prepared, signature, { timestamp: await stampTime(signature, signal) });
    const { valid, signatures, problems } = await verifySeal(pdf, trustQuestion(trust, clock.now()));
    const stamped = signatures.at(-1)?.timestamp;
    if (!valid || !stamped?.isProven || !stamped.at)
      throw new Error(`the time stamp does not hold: ${problems.map(({ code }) => code).join(' ')}`);
    return {
      pdf,
      timestamp: { state: 'stamped', at: stamped.at, authorityName: stamped.authorityName ?? '' },
    };
  } catch (error) {
    if (signal.aborted) throw error;
    logError(error, { in: 'time authority' });
    return undefined;
  }
}
