/** A reading that is less sure than this is to be looked at by the person; above it about one in fifty is wrong. */
export const lowConfidenceBelow = 0.9;
