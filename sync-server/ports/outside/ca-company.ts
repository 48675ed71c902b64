/** Port: the company that issues UKeys (CA公司): which keys it gave to a unit, and asking for one. */
export interface IssuedKey {
  /** Of the signing certificate, hex. */
  serial: string;
  holderName: string;
  validFrom: string;
  validUntil: string;
  state: 'valid' | 'revoked';
}

export interface KeyApplicationRequest {
  creditCode: string;
  name: string;
  legalRepresentative: string;
  legalRepresentativeId: string;
  contactName: string;
  contactPhone: string;
}
export interface KeyApplicationAnswer {
  isAccepted: boolean;
  /** The company's own number for it. */
  reference?: string;
  /** Why not, in the company's words. */
  reason?: string;
}

export interface CaCompany {
  /** Throws SERVICE_UNREACHABLE. */
  keysOf(creditCode: string): Promise<IssuedKey[]>;
  /** Asks for a key. Throws SERVICE_UNREACHABLE: then nobody knows whether it arrived, and it may be sent again. */
  apply(request: KeyApplicationRequest): Promise<KeyApplicationAnswer>;
}
