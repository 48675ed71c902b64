/** Port: what a sealed PDF proves. */
export interface SealReport {
  valid: boolean;
  /** What is wrong, in Chinese, for the desk; empty when valid. */
  problems: string[];
  signerName: string;
  /** 18 characters, where the certificate carries it. */
  creditCode?: string;
  certificateSerial: string;
  issuerName: string;
}

export interface SealedPdf {
  report: SealReport;
  /** ludeng.json as it stands in the PDF under the seal, parsed as JSON and not yet checked; undefined when there is none. */
  content: unknown;
  /** SHA-256 (hex) of the pictures that the PDF's pages show, one a page, in their order. */
  pictureShas: string[];
  /** Names of those who sealed beside the company and whose certificates name no company: the record must name them. */
  unboundPersons: string[];
}

export interface SealVerifier {
  /** Never throws for what is inside the PDF: a damaged one is a report with problems. `at`: ISO UTC. */
  verify(pdf: Uint8Array, options: { at: string }): Promise<SealedPdf>;
  /** A record's own seal over `content`. Never throws for what is inside it. */
  verifyRecord(cms: Uint8Array, content: Uint8Array, options: { at: string }): SealReport;
  /** What the seals prove and every check with its result, as an HTML page for a person. Never throws, as above. */
  explain(pdf: Uint8Array, options: { at: string; title: string }): Promise<string>;
  /** The JPEG with this SHA-256 out of the PDF's pages; undefined when there is none. */
  picture(pdf: Uint8Array, sha: string): Promise<Uint8Array | undefined>;
}
