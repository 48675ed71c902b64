/** What is asked of the national platform of the building market: an enterprise's qualifications, and a person's registrations with it. */
import { z } from 'zod';
import { marketCertificateSchema } from '../../catalogue/synchronise.ts';
import { idNumberSchema } from './people.ts';
import { creditCodeSchema } from './registers.ts';
import type { OutsideService } from './service.ts';

export const buildingMarketService = {
  name: '全国建筑市场监管公共服务平台',
  about:
    '查询企业的资质证书；给出身份证号码时，查询该人员注册在本企业的执业资格。没有的返回空的 certificates，不返回 404。',
  operations: {
    find: {
      method: 'POST',
      path: '',
      summary: '查询企业的资质，或一个人员注册在本企业的资格',
      request: z.strictObject({ creditCode: creditCodeSchema, idNumber: idNumberSchema.exactOptional() }),
      answer: z.object({
        creditCode: creditCodeSchema,
        total: z.int().min(0).max(10_000).describe('平台上共有多少条；多于 certificates 时，其余下次再取'),
        certificates: z.array(marketCertificateSchema).max(500),
      }),
    },
  },
} as const satisfies OutsideService;
