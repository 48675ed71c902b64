/** Port: 工商备案, the business register. */
export interface RegisteredBusiness {
  creditCode: string;
  name: string;
  /** 法定代表人 or 负责人. */
  legalRepresentative: string;
  type: string;
  address: string;
  registeredCapital: string;
  /** YYYY-MM-DD */
  establishedOn: string;
  /** As the register words it. */
  businessScope: string;
  state: 'active' | 'revoked' | 'cancelled';
}

export interface BusinessRegister {
  /** Undefined: the register has no such unit. Throws SERVICE_UNREACHABLE. */
  find(creditCode: string): Promise<RegisteredBusiness | undefined>;
}
