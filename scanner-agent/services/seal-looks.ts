/** What a seal shows and where it stands: the company's, and the smaller one of its legal person. */
import type { z } from 'zod';
import type { agentRoutes } from '#domain/contracts/kiosk/routes.ts';
import type { SealPlacement } from '#sealing/prepare-seal.ts';
import type { Token, TokenCertificate } from '../ports/signing-token.ts';
import type { SealJob } from './apply-seal.ts';

const companySealMm = 40;
const personSealMm = 20;

type Asked = Pick<z.infer<typeof agentRoutes.seal.request>, 'placement' | 'seam'>;
type Chosen = { token: Token; certificate: TokenCertificate; personName?: string | undefined };
export type SealLook = Pick<SealJob, 'placement' | 'appearance' | 'seam' | 'reason'>;

export function companySeal(options: Asked, { token, certificate }: Chosen, at: string): SealLook {
  // the day on the counter's wall, as people date a stamp
  const day = new Date(at).toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });
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

export function personSeal(options: Asked, { certificate, personName }: Chosen): SealLook {
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

function placementOf(placement: Asked['placement'], widthMm: number): SealPlacement | undefined {
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
