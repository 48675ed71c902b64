/**
 * Where the lights change, once. docs/verdict.md says why.
 * Probabilities are the reader's calibrated probability that the paper says exactly the claim.
 */
export const thresholds = {
  /** From here on the picture supports the claim. */
  green: 0.9,
  /** From here on the picture supports the claim if the free reading says the same. */
  greenWithReading: 0.5,
  /** Below, the picture does not support the claim. */
  red: 0.1,
  /** From this confidence a free reading counts as evidence against a claim or for a part of a line. */
  readingCounts: 0.6,
  readingSure: 0.9,
  /**
   * Another text stands there for sure when it is this much likelier than the claim (natural logarithm), by every view of
   * the marks. One misread character costs a true claim less than a changed one costs a false claim.
   */
  rivalWins: -6,
} as const;
