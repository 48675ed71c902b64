/** 实名核验 and 手机二要素校验: whether what somebody says belongs to one person. */
import { z } from 'zod';
import { idNumberSchema, mobileSchema, personNameSchema } from './people.ts';
import type { OutsideService } from './service.ts';

export const realNameRequestSchema = z.strictObject({
  name: personNameSchema,
  idNumber: idNumberSchema,
  mobile: mobileSchema,
});
export const mobileCheckRequestSchema = z.strictObject({ name: personNameSchema, mobile: mobileSchema });

/** Never which of them is wrong: that would tell strangers about people. */
export const matchesSchema = z.object({
  matches: z.boolean().describe('各项是否属于同一人；不说明哪一项不符'),
});

export const realNameService = {
  name: '实名核验',
  about: '核验姓名、身份证号码、手机号码是否属于同一人。',
  operations: {
    check: {
      method: 'POST',
      path: '',
      summary: '核验三项信息是否一致',
      request: realNameRequestSchema,
      answer: matchesSchema,
    },
  },
} as const satisfies OutsideService;

export const mobileCheckService = {
  name: '手机二要素校验',
  about: '核验手机号码是否登记在该姓名之下。',
  operations: {
    check: {
      method: 'POST',
      path: '',
      summary: '核验姓名与手机号码是否一致',
      request: mobileCheckRequestSchema,
      answer: matchesSchema,
    },
  },
} as const satisfies OutsideService;
