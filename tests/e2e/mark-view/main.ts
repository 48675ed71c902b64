/** The mark view alone on a page of 12 megapixels, for what only a real browser can show: fingers and speed. */
import { createApp, defineComponent, h, ref } from 'vue';
import type { Marks } from '#domain/reading/schema.ts';
import MarkView from '#ui/mark-view/MarkView.vue';
import '#ui/tokens.css';
import '#ui/base.css';

const share = Number(new URLSearchParams(location.search).get('share') ?? 1);
const [widthPx, heightPx] = [3000 * share, 4000 * share];
const fields = [
  { id: 'name', label: '单位名称', weight: 'key' as const },
  { id: 'number', label: '证书编号', weight: 'digital' as const },
];
const at = (x: number, y: number, width: number, height: number): Marks[string][number]['box'] => [
  [x * share, y * share],
  [(x + width) * share, y * share],
  [(x + width) * share, (y + height) * share],
  [x * share, (y + height) * share],
];

async function drawPage(): Promise<string> {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.fillStyle = '#fdfcf6';
  pen.fillRect(0, 0, widthPx, heightPx);
  pen.fillStyle = '#222';
  pen.scale(share, share);
  pen.font = '56px serif';
  for (let line = 0; line < 50; line += 1)
    pen.fillText(`辽宁沈北建设工程有限公司 ${line}`, 300, 200 + line * 76);
  return URL.createObjectURL(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
}

const src = await drawPage();
const marks = ref<Marks>({
  name: [{ page: 0, box: at(900, 1000, 900, 160) }],
  number: [{ page: 0, box: at(900, 2400, 900, 160) }],
});
const field = ref<string | undefined>('name');

createApp(
  defineComponent(
    () => () =>
      h(MarkView, {
        src,
        widthPx,
        heightPx,
        pageIndex: 0,
        marks: marks.value,
        fields,
        field: field.value,
        'onUpdate:marks': (next: Marks) => {
          marks.value = next;
          document.body.dataset['marks'] = JSON.stringify(next);
        },
        onSelectField: (id: string) => (field.value = id),
      }),
  ),
).mount('#app');
document.body.dataset['marks'] = JSON.stringify(marks.value);
