/** Port: 实名核验, whether name, id number and mobile number are of one person. Nothing of it is logged. */
export interface RealNameCheck {
  /** Throws SERVICE_UNREACHABLE where no answer comes. May be asked again. */
  matches(person: { name: string; idNumber: string; mobile: string }): Promise<boolean>;
}
