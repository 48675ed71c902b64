/** Port: the national platform of the building market. */
import type { MarketCertificate } from '#domain/catalogue/synchronise.ts';

export interface BuildingMarket {
  /**
   * An enterprise's own, or one person's with it. `total` may be more than came: the rest comes another time. Empty: it has none.
   * Throws SERVICE_UNREACHABLE, SERVICE_MISSING. May be called twice.
   */
  find(asked: {
    creditCode: string;
    idNumber?: string;
  }): Promise<{ total: number; certificates: MarketCertificate[] }>;
}
