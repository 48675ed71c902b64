/** What a seal shows and where it stands: the company's, and the smaller one of its legal person. */
import { chinaDay } from '#domain/primitives.ts';
import type { SealPlacement } from '#sealing/prepare-seal.ts';
import type { Token, TokenCertificate } from '../../ports/signing-token.ts';
import type { SealJob } from './apply-seal.ts';

const companySealMm = 40;
const personSealMm = 20;

export interface WishedLook {
  /** Centre of the visible seal, millimetres from the page's top left; default bottom right of the last page. */
  placement?: { page: number; xMm: number; yMm: number } | undefined;
  /** 骑缝章: where its middle stands, 0 (top) to 1 (bottom); two pages or more. */
  seam?: { at: number } | undefined;
}
type Chosen = { token: Token; certificate: TokenCertificate; personName?: string | undefined };
export type SealLook = Pick<SealJob, 'placement' | 'appearance' | 'seam' | 'reason'>;

export function companySeal(options: WishedLook, { token, certificate }: Chosen, at: string): SealLook {
  // the day on the counter's wall, as people date a stamp
  const day = chinaDay(at);
  return {
    placement: placementOf(options.placement, companySealMm) ?? {
      kind: 'bottom-right',
      widthMm: companySealMm,
    },
    appearance: {
      companyName: certificate.holderName,
      ...(certificate.creditCode ? { creditCode: certificate.creditCode } : {}),
      caption: token.simulated ? `模拟 ${day}` : day,
    },
    seam: options.seam,
    reason: '电子签章',
  };
}

export function personSeal(options: WishedLook, { certificate, personName }: Chosen): SealLook {
  return {
    placement: placementOf(options.placement, personSealMm) ?? {
      ...{ kind: 'beside', fieldName: 'Seal1' },
      widthMm: personSealMm,
    },
    appearance: { personName: personName ?? certificate.holderName },
    seam: undefined,
    reason: '法定代表人签章',
  };
}

function placementOf(placement: WishedLook['placement'], widthMm: number): SealPlacement | undefined {
  return (
    placement && {
      kind: 'at',
      pageIndex: placement.page,
      leftMm: placement.xMm - widthMm / 2,
      topMm: placement.yMm - widthMm / 2,
      widthMm,
    }
  );
}
