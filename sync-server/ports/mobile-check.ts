/** Port: 手机二要素校验, whether a mobile number is bound to the person of that name. Nothing of either is logged. */
export interface MobileCheck {
  /** Throws SERVICE_UNREACHABLE where no answer comes. May be asked again. */
  matches(person: { name: string; mobile: string }): Promise<boolean>;
}
