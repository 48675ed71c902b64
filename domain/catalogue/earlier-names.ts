/**
 * Names of the first edition, when a document type was called a certificate: a folder of configuration, a pinned catalogue and
 * the pages of a kept batch may still say it. Read through here they say what this edition says; what is new stays untouched.
 */

/** `certificate` of a material's row or of a recognised kind becomes `documentType`, where that does not stand there already. */
export function withDocumentType(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('certificate' in value) || 'documentType' in value)
    return value;
  const { certificate, ...rest } = value;
  return { ...rest, documentType: certificate };
}
