/** Whatever a line delivers: the codec neither throws nor hangs nor grows, and a card is read whole or refused. */
import fc from '#tests/support/properties.ts';
import { describe, expect, test } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
import { loadPerson, personNames } from '#tests/emulators/id-card-reader/card-file.ts';
import { createSecurityModule } from '#tests/emulators/id-card-reader/security-module.ts';
import { parseCardText } from './card-text.ts';
import { commands, parseCardBlocks } from './commands.ts';
import { createFrameCollector, maxBodyLength } from './frame.ts';
import { sampled } from '#tests/support/nightly.ts';

/** The replies to find, select and read of every kind of card, one after the other, as a line carries them. */
const recordings = await Promise.all(
  personNames.map(async (person) => {
    const module = createSecurityModule({});
    module.place(await loadPerson(person));
    const asked = [commands.status, commands.samId, commands.find, commands.select, commands.read];
    return Buffer.concat(asked.map(({ request }) => module.answer(Buffer.from(request)).reply));
  }),
);
const mutation = fc.record({
  at: fc.nat({ max: 3000 }),
  what: fc.constantFrom('flip', 'drop', 'double', 'insert', 'cut'),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
});

function mutate(
  recording: Buffer,
  { at, what, bytes }: { at: number; what: string; bytes: Uint8Array },
): Buffer {
  const place = at % recording.length;
  const [before, after] = [recording.subarray(0, place), recording.subarray(place)];
  switch (what) {
    case 'flip':
      return Buffer.concat([
        before,
        after.subarray(0, 1).map((byte) => byte ^ (bytes[0] ?? 1)),
        after.subarray(1),
      ]);
    case 'drop':
      return Buffer.concat([before, after.subarray(bytes.length)]);
    case 'double':
      return Buffer.concat([before, after.subarray(0, bytes.length), after]);
    case 'insert':
      return Buffer.concat([before, bytes, after]);
    default:
      return before;
  }
}

/** Pushes in pieces and reads every card reply that comes out; yields the names read. */
function namesReadFrom(stream: Buffer, pieceLength: number): string[] {
  const collector = createFrameCollector();
  const names: string[] = [];
  let longest = 0;
  for (let at = 0; at < stream.length; at += pieceLength) {
    for (const event of collector.push(stream.subarray(at, at + pieceLength))) {
      if (event.kind !== 'reply' || event.reply.data.length < 256) continue;
      try {
        names.push(parseCardText(parseCardBlocks(event.reply.data, 'read').text).name);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'CARD_READ_FAILED') throw error;
      }
    }
    longest = Math.max(longest, collector.bufferedLength());
  }
  expect(longest).toBeLessThanOrEqual(maxBodyLength + 6);
  return names;
}

describe('fuzzing the card reader', () => {
  test('every unspoilt recording reads its person, cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: recordings.length - 1 }),
        fc.integer({ min: 1, max: 700 }),
        (which, piece) => {
          expect(namesReadFrom(recordings[which] ?? Buffer.alloc(0), piece)).toHaveLength(1);
        },
      ),
      { numRuns: sampled(40, 800) },
    );
  });

  test('a mutated recording gives a card of lawful lengths, or none', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: recordings.length - 1 }),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 700 }),
        (which, mutations, piece) => {
          const recording = recordings[which] ?? Buffer.alloc(0);
          const spoilt = mutations.reduce<Buffer>(
            (bytes, one) => (bytes.length === 0 ? bytes : mutate(bytes, one)),
            recording,
          );
          // One XOR byte cannot see every change, so a character may differ; more than a field holds it cannot be.
          for (const name of namesReadFrom(spoilt, piece)) expect(name.length).toBeLessThanOrEqual(60);
        },
      ),
      { numRuns: sampled(120, 2_400) },
    );
  });

  test('noise of any size is taken in time that grows with it, and memory that does not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.integer({ min: 1, max: 5000 }), (noise, piece) => {
        namesReadFrom(Buffer.from(noise), piece);
      }),
      { numRuns: sampled(60, 1_200) },
    );
    const syncs = Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from('aaaaaa96690a00', 'hex')));
    const startedAt = performance.now();
    namesReadFrom(syncs, 4096);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  test('any text block is a card or CARD_READ_FAILED', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (block) => {
        try {
          expect(parseCardText(block).number).not.toBe('');
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          expect(error.code).toBe('CARD_READ_FAILED');
        }
      }),
      { numRuns: sampled(300, 6_000) },
    );
  });
});
