import { z } from 'zod';
import { mobileSchema } from './people.ts';
import type { OutsideService } from './service.ts';

export const smsRequestSchema = z.strictObject({
  mobile: mobileSchema,
  text: z.string().min(1).max(500).describe('短信全文，原样发送'),
});

/** Says that the service has taken the message and will carry it. */
export const smsAnswerSchema = z.object({
  accepted: z.literal(true).describe('已受理，将会送达'),
  messageId: z.string().min(1).max(200).describe('短信编号'),
});

export const smsService = {
  name: '短信服务',
  about: '向手机号码发送短信。短信内容由服务器写好，服务只负责送达。',
  operations: {
    send: {
      method: 'POST',
      path: '',
      summary: '发送一条短信',
      request: smsRequestSchema,
      answer: smsAnswerSchema,
    },
  },
} as const satisfies OutsideService;
