import { describe, expect, test, vi } from 'vitest';
import type { Quad } from '#domain/reading/schema.ts';
import type { Picture } from '../imaging/picture.ts';
import { createCharTable } from './char-table.ts';
import type { BestFrames } from './ctc/frames.ts';
import { turnUpright } from './orientation.ts';
import type { Reader } from './read-page.ts';

/** Dark in its top left corner alone, so that a turned copy tells how it was turned. */
const page: Picture = { data: new Uint8Array(400 * 300 * 3).fill(250), width: 400, height: 300 };
page.data.fill(0, 0, 3);

const boxes: Quad[] = [20, 60, 100, 140].map((y) => [
  [30, y],
  [230, y],
  [230, y + 20],
  [30, y + 20],
]);

/** A reader whose network says `seen` and which reads every line with the probability given. */
function readerThat({ seen, reads }: { seen: number | undefined; reads: number }): {
  reader: Reader;
  read: ReturnType<typeof vi.fn>;
} {
  const line: BestFrames = {
    frames: 20,
    blank: 0,
    best: Int32Array.from({ length: 20 }, (_, t) => (t % 2 === 0 ? 1 + ((t / 2) % 3) : 0)),
    logProb: new Float32Array(20).fill(Math.log(reads)),
  };
  const read = vi.fn(async (crops: readonly unknown[]) => Promise.resolve(crops.map(() => line)));
  const reader: Reader = {
    detector: { detect: async () => Promise.resolve(boxes) },
    recogniser: {
      height: 32,
      minWidth: 32,
      maxWidth: 2000,
      channels: ['red'],
      recognise: vi.fn(),
      readAndKeep: vi.fn(),
      read,
    },
    chars: createCharTable(['土', '木', '工'], 1),
    orienter: { look: async () => Promise.resolve(seen) },
  };
  return { reader, read };
}

const darkAt = ({ data, width, height }: Picture): string =>
  data[0] === 0 ? 'top left' : data[(width * height - 1) * 3] === 0 ? 'bottom right' : 'elsewhere';

describe('turning a page upright', () => {
  test('a page that the network finds upright is not read for it', async () => {
    const { reader, read } = readerThat({ seen: 0, reads: 0.9 });
    const upright = await turnUpright(reader, page, () => undefined);
    expect([upright.turns, darkAt(upright.page)]).toEqual([0, 'top left']);
    expect(read).not.toHaveBeenCalled();
  });

  test('a page that the network finds upside down is turned when it reads well then', async () => {
    const upright = await turnUpright(readerThat({ seen: 2, reads: 0.95 }).reader, page, () => undefined);
    expect([upright.turns, darkAt(upright.page)]).toEqual([2, 'bottom right']);
  });

  test('a turn that reading does not bear out is not made', async () => {
    const upright = await turnUpright(readerThat({ seen: 2, reads: 0.2 }).reader, page, () => undefined);
    expect(upright.turns).toBe(0);
  });

  test('lines are read both ways when the network is not sure', async () => {
    const { reader, read } = readerThat({ seen: undefined, reads: 0.95 });
    expect((await turnUpright(reader, page, () => undefined)).turns).toBe(0);
    expect(read).toHaveBeenCalledTimes(2);
  });
});
