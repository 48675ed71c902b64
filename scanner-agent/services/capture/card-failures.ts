/** A device's failure, said of the card reader: what a person at the counter can do is another thing than for a UKey. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';

const ofCardReader: Partial<Record<ErrorCode, ErrorCode>> = {
  DEVICE_LOST: 'CARD_READER_LOST',
  DEVICE_BUSY: 'CARD_READER_HELD',
  DEVICE_TIMEOUT: 'CARD_READER_SILENT',
};

export function cardReaderCode(code: ErrorCode): ErrorCode {
  return ofCardReader[code] ?? code;
}

export function tellCardFailure(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const code = cardReaderCode(error.code);
  return code === error.code ? error : new AppError(code, error.details, { cause: error });
}
