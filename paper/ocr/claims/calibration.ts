/** From evidence to a probability: a logistic model, fitted on rendered pages (bench/fit-claim-calibration.ts). Pure. */

export interface ClaimEvidence {
  /** log P(claim) - log P(best free reading). */
  support: number;
  /** log P(claim) - log P(nearest rival). */
  rivalMargin: number;
  /** Mean probability of the characters of the free reading. */
  freeConfidence: number;
  /** The free reading, signs without meaning aside, is the claim. */
  isFreeReading: boolean;
}

export const claimCalibration = {
  bias: 2.984,
  support: 0.515,
  rivalMargin: 0.618,
  agreement: 0.759,
} as const;

/** A claim with a character that the recogniser has never seen can be neither proved nor disproved. */
export const unknownCharCap = 0.5;

export function probabilityOf(
  evidence: ClaimEvidence,
  constants: Readonly<Record<keyof typeof claimCalibration, number>> = claimCalibration,
): number {
  const features = featuresOf(evidence);
  const z =
    constants.bias +
    constants.support * features.support +
    constants.rivalMargin * features.rivalMargin +
    constants.agreement * features.agreement;
  // Whatever else speaks for the claim: between it and its nearest rival their likelihoods decide.
  return Math.min(logistic(z), logistic(evidence.rivalMargin));
}

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/** Beyond these bounds more of the same says nothing new. */
export function featuresOf({
  support,
  rivalMargin,
  freeConfidence,
  isFreeReading,
}: ClaimEvidence): Record<'support' | 'rivalMargin' | 'agreement', number> {
  return {
    support: Math.max(-15, Math.min(0, support)),
    rivalMargin: Math.max(-8, Math.min(8, rivalMargin)),
    // A free reading speaks for the claim or against it, as loudly as it is sure of itself.
    agreement: isFreeReading ? freeConfidence : -freeConfidence,
  };
}
