/**
 * Fictional certificates as pictures, for tests and for the simulated camera. They are drawn as such papers look
 * (border, guilloche, seal over the authority), with fonts of the system; nothing here is known to the reader. One file a kind in `certificates/`.
 */
export type { DocumentPicture } from './documents/drawing.ts';
export * from './documents/business-licence.ts';
export * from './documents/construction-qualification.ts';
export * from './documents/resident-id-card.ts';
export * from './documents/safety-production-licence.ts';
export * from './documents/management-system-certificate.ts';
export * from './documents/award-notice.ts';
export * from './documents/construction-contract.ts';
export * from './documents/completion-report.ts';
export * from './documents/power-of-attorney.ts';
export * from './documents/social-insurance-statement.ts';
export * from './documents/basic-deposit-account.ts';
export * from './documents/letter.ts';
export * from './documents/labelled-paper.ts';
export * from './documents/unit-certificate.ts';
