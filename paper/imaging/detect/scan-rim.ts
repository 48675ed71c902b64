/** Tells a scan or a cropped page, whose rim is paper all round, from a photograph of a sheet on a desk. Pure. */
import type { PaperSize } from '../../ports/paper-reader.ts';
import type { Picture } from '../picture.ts';

/** The outermost 1.5 % of the picture is bright and colourless nearly everywhere, and as bright as the middle. */
export function hasPaperRim(lab: Picture): boolean {
  const { data, width, height } = lab;
  const rim = Math.max(3, Math.round(Math.min(width, height) * 0.015));
  let paper = 0;
  let total = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (x >= rim && x < width - rim && y >= rim && y < height - rim) {
        x = width - rim - 1;
        continue;
      }
      const k = (y * width + x) * 3;
      total += 1;
      const chroma = Math.hypot((data[k + 1] as number) - 128, (data[k + 2] as number) - 128);
      if ((data[k] as number) > 200 && chroma < 14) paper += 1;
    }
  }
  return paper > 0.9 * total && borderColours(data, width, height).length <= 2;
}

/** Scanners deliver paper shapes; cameras 4:3, 3:2 and 16:9. */
export function hasPaperShape(picture: Picture, sizes: readonly PaperSize[]): boolean {
  const aspect = Math.abs(Math.log(picture.width / picture.height));
  return sizes.some(
    ({ widthMm, heightMm }) => Math.abs(aspect - Math.abs(Math.log(widthMm / heightMm))) < 0.025,
  );
}

/** Some dark marks in the middle: a cropped page has writing, an empty pale desk has none. */
export function hasInk(lab: Picture): boolean {
  const { data, width, height } = lab;
  let ink = 0;
  let seen = 0;
  for (let y = Math.round(height * 0.1); y < height * 0.9; y += 2) {
    for (let x = Math.round(width * 0.1); x < width * 0.9; x += 2) {
      seen += 1;
      if ((data[(y * width + x) * 3] as number) < 110) ink += 1;
    }
  }
  return ink > 0.002 * seen && ink < 0.5 * seen;
}

/** k-means with three centres on the outer 3 % of the picture; centres with little support are dropped. */
export function borderColours(data: Uint8Array, width: number, height: number): [number, number, number][] {
  const rim = Math.max(2, Math.round(Math.min(width, height) * 0.03));
  const samples: [number, number, number][] = [];
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      if (x >= rim && x < width - rim && y >= rim && y < height - rim) continue;
      const k = (y * width + x) * 3;
      samples.push([data[k] as number, data[k + 1] as number, data[k + 2] as number]);
    }
  }
  samples.sort((p, q) => p[0] - q[0]);
  let centres = [0.15, 0.5, 0.85].map(
    (q) => [...(samples[Math.floor(samples.length * q)] ?? [0, 128, 128])] as [number, number, number],
  );
  let shares: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    const sums = centres.map(() => [0, 0, 0, 0] as [number, number, number, number]);
    for (const s of samples) {
      let best = 0;
      let bestD = Infinity;
      centres.forEach((c, i) => {
        const d = (s[0] - c[0]) ** 2 + (s[1] - c[1]) ** 2 + (s[2] - c[2]) ** 2;
        if (d < bestD) {
          bestD = d;
          best = i;
        }
      });
      const bucket = sums[best] as [number, number, number, number];
      bucket[0] += s[0];
      bucket[1] += s[1];
      bucket[2] += s[2];
      bucket[3] += 1;
    }
    shares = sums.map((s) => s[3] / samples.length);
    centres = centres.map((c, i) => {
      const s = sums[i] as [number, number, number, number];
      return s[3] > 0 ? [s[0] / s[3], s[1] / s[3], s[2] / s[3]] : c;
    });
  }
  return centres.filter((_, i) => (shares[i] ?? 0) > 0.12);
}
