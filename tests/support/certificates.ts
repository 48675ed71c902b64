/**
 * Fictional certificates as pictures, for tests and for the simulated camera. They are drawn as such papers look
 * (border, guilloche, seal over the authority), with fonts of the system; nothing here is known to the reader. One file a kind in `certificates/`.
 */
export type { CertificatePicture } from './certificates/drawing.ts';
export * from './certificates/business-licence.ts';
export * from './certificates/construction-qualification.ts';
export * from './certificates/resident-id-card.ts';
export * from './certificates/safety-production-licence.ts';
export * from './certificates/management-system-certificate.ts';
export * from './certificates/award-notice.ts';
export * from './certificates/construction-contract.ts';
export * from './certificates/completion-report.ts';
export * from './certificates/power-of-attorney.ts';
export * from './certificates/social-insurance-statement.ts';
export * from './certificates/basic-deposit-account.ts';
export * from './certificates/letter.ts';
