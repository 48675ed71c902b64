/** Draws the values of form fields that bring no appearance of their own: a viewer would make one, and paper must show them. */
import type { PDFPageProxy } from 'pdfjs-dist/types/src/pdf.d.ts';
import { z } from 'zod';

/** What pdf.js tells of a widget; a field of any other kind is left alone. */
const widgetSchema = z.object({
  subtype: z.literal('Widget'),
  rect: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  fieldType: z.enum(['Tx', 'Ch', 'Btn']),
  fieldValue: z.unknown(),
  hasAppearance: z.boolean().optional(),
  annotationFlags: z.number().optional(),
  multiLine: z.boolean().optional(),
  password: z.boolean().optional(),
  checkBox: z.boolean().optional(),
  radioButton: z.boolean().optional(),
  buttonValue: z.string().nullish(),
  exportValue: z.string().nullish(),
  textAlignment: z.number().nullish(),
  defaultAppearanceData: z.object({ fontSize: z.number() }).partial().optional(),
});
type Widget = z.infer<typeof widgetSchema>;

/** ISO 32000-1 table 165: hidden, and not shown on the screen. */
const unseenFlags = 2 | 32;
/** Of the box's height, where the form leaves the size to the viewer. */
const autoSize = 0.7;
const maxAutoSize = 12;
const margin = 2;
const fonts = 'SimSun, "Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "AR PL UMing CN", serif';

type Context = CanvasRenderingContext2D;
type Viewport = ReturnType<PDFPageProxy['getViewport']>;

/** The text that was drawn. */
export async function drawFieldValues(
  page: PDFPageProxy,
  context: Context,
  viewport: Viewport,
): Promise<string> {
  let drawn = '';
  for (const annotation of (await page.getAnnotations({ intent: 'display' })) as unknown[]) {
    const parsed = widgetSchema.safeParse(annotation);
    if (!parsed.success || parsed.data.hasAppearance) continue;
    const text = textOf(parsed.data);
    if (!text || ((parsed.data.annotationFlags ?? 0) & unseenFlags) !== 0) continue;
    draw(parsed.data, text, context, viewport);
    drawn += text;
  }
  return drawn;
}

function textOf({ fieldType, fieldValue, ...widget }: Widget): string | undefined {
  if (fieldType === 'Btn') {
    const on = widget.checkBox ? widget.exportValue : widget.radioButton ? widget.buttonValue : undefined;
    return on && fieldValue === on ? '✓' : undefined;
  }
  if (widget.password) return undefined;
  const values = Array.isArray(fieldValue) ? fieldValue : [fieldValue];
  return values.filter((value): value is string => typeof value === 'string').join('，') || undefined;
}

function draw(widget: Widget, text: string, context: Context, viewport: Viewport): void {
  const [ax, ay, bx, by] = widget.rect;
  const [x0, y0] = pointOf(viewport.convertToViewportPoint(ax, ay));
  const [x1, y1] = pointOf(viewport.convertToViewportPoint(bx, by));
  const { scale } = viewport;
  const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const said = widget.defaultAppearanceData?.fontSize ?? 0;
  const auto = Math.min(maxAutoSize, (autoSize * height) / scale);
  let size = (said > 0 ? said : auto) * scale;
  const setSize = (): void => {
    context.font = `${size}px ${fonts}`;
  };
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = '#000000';
  context.textBaseline = 'middle';
  setSize();
  const room = Math.max(1, width - 2 * margin * scale);
  const lines = widget.multiLine ? wrap(text, room, context) : [text.replace(/\s*[\r\n]+\s*/g, ' ')];
  // What does not fit is made smaller: cut-off text would be a value that nobody wrote.
  const widest = Math.max(...lines.map((line) => context.measureText(line).width));
  const shrink = Math.min(1, room / widest, height / (lines.length * size * 1.15));
  size *= shrink;
  setSize();
  for (const [index, line] of lines.entries()) {
    const free = room - context.measureText(line).width;
    const x = left + margin * scale + (free * (widget.textAlignment ?? 0)) / 2;
    const y = widget.multiLine ? top + size * (0.7 + 1.15 * index) : top + height / 2;
    context.fillText(line, x, y);
  }
  context.restore();
}

const pointOf = (values: unknown): [number, number] => z.tuple([z.number(), z.number()]).parse(values);

function wrap(text: string, room: number, context: Context): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    let line = '';
    for (const character of paragraph) {
      if (line !== '' && context.measureText(line + character).width > room) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
    lines.push(line);
  }
  return lines;
}
