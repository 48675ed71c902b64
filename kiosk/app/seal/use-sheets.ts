/** All pages of a material's PDF as pictures, one after another: a thick one as canvases would not fit into memory. */
import { onScopeDispose, ref, shallowRef } from 'vue';
import { useAgent } from '../agent/provide-agent.ts';
import { openPdf } from './open-pdf.ts';
import type { OpenPdf } from './open-pdf.ts';

export function useSheets() {
  const agent = useAgent();
  /** Addresses of the pictures drawn so far. */
  const sheets = shallowRef<readonly string[]>([]);
  const pageCount = ref(0);
  let turn = 0;

  function clear(): void {
    turn += 1;
    sheets.value.forEach((url) => URL.revokeObjectURL(url));
    sheets.value = [];
    pageCount.value = 0;
  }
  /** Answers whether all pages are there: not, once `clear` or another `load` came between. Throws what the agent does. */
  async function load(of: { id: string; slot: string }, heightPx?: number): Promise<boolean> {
    clear();
    const mine = turn;
    const pdf = await openPdf(await agent.pdf(of));
    try {
      pageCount.value = pdf.pageCount;
      for (let page = 1; page <= pdf.pageCount; page++) {
        const url = URL.createObjectURL(await picture(pdf, page, heightPx));
        if (mine !== turn) {
          URL.revokeObjectURL(url);
          return false;
        }
        sheets.value = [...sheets.value, url];
      }
      return mine === turn;
    } finally {
      pdf.close();
    }
  }
  onScopeDispose(clear);
  return { sheets, pageCount, load, clear };
}

async function picture(pdf: OpenPdf, page: number, heightPx: number | undefined): Promise<Blob> {
  const canvas = document.createElement('canvas');
  await pdf.draw(page, canvas, heightPx);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92));
  canvas.width = 0;
  if (!blob) throw new Error(`page ${page} could not be drawn`);
  return blob;
}
