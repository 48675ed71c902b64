/** What the clients of all ways share: say ready, wait for the word, work, say done, stay to be measured. */
import { once } from 'node:events';
import { z } from 'zod';

export const workSchema = z.object({
  url: z.string(),
  folder: z.string(),
  /** `submission-page`, a file of random bytes in `folder` each, in the order of the submissions. */
  files: z.array(z.string()),
  submissions: z.int(),
  pages: z.int(),
  pageBytes: z.int(),
});
export type Work = z.infer<typeof workSchema>;

/** Of the ways that send pages side by side: browsers have six, the station's window has four. */
export const parallel = 4;

export async function runClient(prepare: (work: Work) => Promise<() => Promise<void>>): Promise<void> {
  const work = workSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const transfer = await prepare(work);
  process.stdout.write('[ready]\n');
  await once(process.stdin, 'data');
  await transfer();
  process.stdout.write('[done]\n');
  // Its peak memory is read from outside, then it is killed.
  setInterval(() => undefined, 60_000);
}

/** Works through the list, `parallel` at a time. */
export async function sideBySide<T>(list: readonly T[], work: (entry: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const entry of rest) await work(entry);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** A submission's row holds about what a record of ours does. */
const row = Buffer.from(JSON.stringify({ record: 'x'.repeat(3_000) }), 'utf8');

/** The pages of all submissions side by side; each submission's row when its pages are there. */
export async function sendPages(
  { files, pages }: Work,
  send: {
    page: (name: string) => Promise<void>;
    submission: (n: number, row: Buffer) => Promise<void>;
  },
): Promise<void> {
  const missing = new Map<number, number>();
  const rows: Promise<void>[] = [];
  await sideBySide(files, async (name) => {
    await send.page(name);
    const n = Number(name.split('-')[0]);
    const left = (missing.get(n) ?? pages) - 1;
    missing.set(n, left);
    if (left === 0) rows.push(send.submission(n, row));
  });
  await Promise.all(rows);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
