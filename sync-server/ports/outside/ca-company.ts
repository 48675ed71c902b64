/** Port: the company that issues UKeys (CA公司): which keys it gave to a unit. */
export interface IssuedKey {
  /** Of the signing certificate, hex. */
  serial: string;
  holderName: string;
  validFrom: string;
  validUntil: string;
  state: 'valid' | 'revoked';
}

export interface CaCompany {
  /** Throws SERVICE_UNREACHABLE. */
  keysOf(creditCode: string): Promise<IssuedKey[]>;
}
