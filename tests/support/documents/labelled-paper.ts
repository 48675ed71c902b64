/** A paper of any kind with a title and lines of a label and what stands behind it. */
import { draw, seal, text, whitePaper } from './drawing.ts';
import type { DocumentPicture } from './drawing.ts';

export interface LabelledPaper {
  title: string;
  lines: readonly (readonly [label: string, value: string])[];
  authority: string;
}

export function drawLabelledPaper({ title, lines, authority }: LabelledPaper): Promise<DocumentPicture> {
  const drawn = lines.map(([label, value], index) => text(`${label}：${value}`, 24, 62 + index * 12, 5));
  return draw(
    210,
    148,
    `${whitePaper(210, 148)}
    ${text(title, 105, 38, 10, { anchor: 'middle', weight: 700 })}
    ${drawn.join('')}
    ${seal(178, 122, 15, authority)}`,
  );
}
