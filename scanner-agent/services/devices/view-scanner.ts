import { errorCodes } from '#domain/errors/table.ts';
import { tellFailure } from '#domain/errors/tell-failure.ts';
import type { PageSource } from '../../ports/page-source.ts';
import { z } from 'zod';

const codeSchema = z.enum(errorCodes).catch('DEVICE_FAULT');

/** What a scanner is and can, and, where it is not ready, what is wrong and what to do. */
export function viewScanner(source: Pick<PageSource, 'health'>) {
  const { id, name, driver, state, simulated, errorCode, can } = source.health();
  const { message, action } = tellFailure(codeSchema.parse(errorCode), {});
  return {
    id,
    name,
    driver,
    state,
    simulated,
    advice: state === 'ready' ? '' : `${message}：${action}`,
    ...can,
  };
}
