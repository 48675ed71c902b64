/** Where the parts of the flow chart stand, in units of its drawing. Pure. */
import { linesOf } from './lines-of.ts';

interface Point {
  x: number;
  y: number;
}
export interface DrawnFlow {
  width: number;
  height: number;
  /** `x`, `y`: the middle of the step's sign; `arrow` leads to the next one. */
  steps: (Point & { arrow: string | undefined; title: Point; lines: (Point & { text: string })[] })[];
  back: (Point & { path: string }) | undefined;
}

/** `texts` of the steps; the way `back` begins at the step `from`, and is none where that is -1. */
export function drawFlow(of: {
  isUpright: boolean;
  texts: readonly string[];
  back: { from: number; to: number };
}): DrawnFlow {
  return of.isUpright ? downwards(of) : across(of);
}

const [stepWidth, stepHeight, lineHeight] = [200, 150, 26];

function across({ texts, back: { from, to } }: Parameters<typeof drawFlow>[0]): DrawnFlow {
  const middle = (index: number): number => index * stepWidth + stepWidth / 2;
  return {
    width: texts.length * stepWidth,
    height: 410,
    steps: texts.map((text, index) => ({
      x: middle(index),
      y: 62,
      arrow:
        index < texts.length - 1
          ? `M${middle(index) + 52} 62h${stepWidth - 112}m-12 -10 12 10-12 10`
          : undefined,
      title: { x: middle(index), y: 149 },
      lines: linesOf(text, 8).map((line, row) => ({
        text: line,
        x: middle(index),
        y: 186 + row * lineHeight,
      })),
    })),
    back:
      from < 0
        ? undefined
        : {
            path: `M${middle(from)} 306v36H${middle(to)}v-36m-10 12 10-12 10 12`,
            x: (middle(from) + middle(to)) / 2,
            y: 372,
          },
  };
}

function downwards({ texts, back: { from, to } }: Parameters<typeof drawFlow>[0]): DrawnFlow {
  const middle = (index: number): number => index * stepHeight + 62;
  return {
    width: 800,
    height: texts.length * stepHeight + 50,
    steps: texts.map((text, index) => ({
      x: 70,
      y: middle(index),
      arrow:
        index < texts.length - 1
          ? `M70 ${middle(index) + 48}v${stepHeight - 102}m-10 -12 10 12 10-12`
          : undefined,
      title: { x: 190, y: middle(index) - 8 },
      lines: linesOf(text, 24).map((line, row) => ({
        text: line,
        x: 158,
        y: middle(index) + 28 + row * lineHeight,
      })),
    })),
    back:
      from < 0
        ? undefined
        : {
            path: `M700 ${middle(from)}h44V${middle(to)}h-44m12 -10-12 10 12 10`,
            x: 600,
            y: middle(from) + 64,
          },
  };
}
