/**
 * The ID card from the card reader: the chip's data fill the form and are kept apart as "read from the chip".
 * Since nothing lay under the camera, a sheet of what the chip says is drawn; it is what gets sealed and reviewed.
 */
import { AppError } from '#domain/errors/app-error.ts';
import { documentTypeOfSlot, getRecordKind } from '#domain/catalogue/lookup.ts';
import { chipValues } from '#domain/reading/chip-values.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Marks, Quality } from '#domain/reading/schema.ts';
import type { CardPhotos, CardPicture, PhotoMissing } from '../../ports/card-photo.ts';
import type { CardReader, IdCard } from '../../ports/card-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore } from '../../ports/store.ts';
import { tellCardFailure } from './card-failures.ts';
import type { Jobs } from '../jobs.ts';
import { materialOf } from '../records/record-service.ts';
import type { RecordService } from '../records/record-service.ts';

const cardTimeoutMs = 60_000;

/** A page that shows the chip's data, with the place of each field on it. */
export type DrawCardSheet = (sheet: {
  title: string;
  rows: { field: string; label: string; value: string }[];
  /** The holder's picture, or a sentence that says why there is none. */
  photo: { bytes: Uint8Array } | { why: string };
  footer: string;
}) => Promise<{
  jpeg: Uint8Array;
  widthPx: number;
  heightPx: number;
  widthMm: number;
  heightMm: number;
  dpi: number;
  marks: Marks;
}>;

export interface ReadCardDeps {
  desk: RecordService;
  jobs: Jobs;
  /** Whichever reader gets the card first; tells whether that one is simulated. */
  readCard: (options: Parameters<CardReader['readCard']>[0]) => Promise<{ card: IdCard; simulated: boolean }>;
  photos: CardPhotos;
  blobs: BlobStore;
  catalogue: Catalogue;
  clock: Clock;
  drawCardSheet: DrawCardSheet;
}

export type ReadCard = (recordId: string, slot: string) => Job;

export function createReadCard(deps: ReadCardDeps): (recordId: string, slot: string) => Job {
  const { desk, jobs, blobs, catalogue, clock } = deps;
  return (recordId, slot) => {
    const record = desk.getEditable(recordId);
    const kind = getRecordKind(catalogue, record.programme, record.kind);
    const documentType = documentTypeOfSlot(catalogue, kind, slot);
    if (!documentType.capture.includes('card-reader')) throw new AppError('BAD_REQUEST', { slot });
    materialOf(record, slot);
    return jobs.start({
      kind: 'card',
      recordId,
      slot,
      stage: 'waiting-for-card',
      run: async ({ signal, report }) => {
        const { card, simulated } = await deps
          .readCard({ signal, timeoutMs: cardTimeoutMs, onPlaced: () => report({ stage: 'reading' }) })
          .catch((error: unknown) => {
            throw tellCardFailure(error);
          });
        const chip = chipValues(documentType, { ...card, address: card.newestAddress ?? card.address });
        const picture = await deps.photos.pictureOf(card, { signal });
        report({ stage: 'storing' });
        const sheet = await deps.drawCardSheet({
          title: '居民身份证芯片信息',
          rows: documentType.fields.flatMap(({ id, label }) => {
            const value = chip[id];
            return value === undefined ? [] : [{ field: id, label, value }];
          }),
          photo: photoFor(picture),
          footer: `由身份证读卡器读取${simulated ? '（模拟设备）' : ''}　读取时间 ${clock.now()}　安全模块 ${card.samId}`,
        });
        const kept = await blobs.put(sheet.jpeg, 'image/jpeg');
        desk.editMaterial({
          id: recordId,
          slot,
          revision: desk.get(recordId).revision,
          line: 'card-read',
          edit: (material) => ({
            ...material,
            chip,
            values: { ...material.values, ...chip },
            readings: {},
            guesses: {},
            marks: sheet.marks,
            confirmed: true,
            pages: [
              {
                sha: kept.sha,
                size: kept.size,
                widthPx: sheet.widthPx,
                heightPx: sheet.heightPx,
                widthMm: sheet.widthMm,
                heightMm: sheet.heightMm,
                dpi: sheet.dpi,
                quality: drawnQuality,
                source: 'card-reader',
                capturedAt: clock.now(),
                auxiliary: false,
              },
            ],
          }),
        });
      },
    });
  };
}

const whyNoPhoto = {
  'reader-gave-none': '读卡器没有给出照片',
  'no-decoder': '照片未解码：本站没有安装读卡器厂家的照片解码程序',
  'decoder-failed': '照片未解码：厂家的照片解码程序出错',
  'decoder-hangs': '照片未解码：厂家的照片解码程序没有应答',
  'not-a-picture': '照片未解码：厂家的照片解码程序给出的不是图片',
} as const satisfies Record<PhotoMissing, string>;

function photoFor(picture: CardPicture): { bytes: Uint8Array } | { why: string } {
  return picture.kind === 'picture' ? { bytes: picture.photo.bytes } : { why: whyNoPhoto[picture.why] };
}

/** A drawn sheet has no optical faults to judge. */
const drawnQuality: Quality = {
  good: true,
  issues: [],
  sharpness: 1000,
  glareShare: 0,
  brightness: 255,
  skewDeg: 0,
};
