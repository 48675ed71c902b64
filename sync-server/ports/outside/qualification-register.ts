/** Port: the province's register of qualifications (注册建造师, 安全考核证, 注册监理工程师 …). */
export interface RegisteredQualification {
  /** As the register words it: 注册建造师. */
  kind: string;
  number: string;
  /** The last day on which it counts, YYYY-MM-DD; without end if left out. */
  validUntil?: string;
}

export interface QualificationRegister {
  /** By id number; empty: the register has none of that person. Throws SERVICE_UNREACHABLE, SERVICE_MISSING. May be called twice. */
  of(idNumber: string): Promise<RegisteredQualification[]>;
}
