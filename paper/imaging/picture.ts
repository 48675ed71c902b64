/** Raw pictures as they travel between sharp, OpenCV and the recogniser. */

/** Interleaved 8-bit RGB, `data.length === width * height * 3`. */
export interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

/** One 8-bit channel, `data.length === width * height`. */
export interface GreyPicture {
  data: Uint8Array;
  width: number;
  height: number;
}

export const channels = ['grey', 'red', 'green', 'blue'] as const;
export type Channel = (typeof channels)[number];

/** One channel of a picture; grey by the weights of ITU-R BT.601, as OpenCV and the training code take them. */
export function channelOf(picture: Picture, channel: Channel): GreyPicture {
  const { data, width, height } = picture;
  const out = new Uint8Array(width * height);
  if (channel === 'grey') {
    for (let i = 0, k = 0; i < out.length; i += 1, k += 3) {
      out[i] =
        (77 * (data[k] as number) + 150 * (data[k + 1] as number) + 29 * (data[k + 2] as number) + 128) >> 8;
    }
  } else {
    const offset = channel === 'red' ? 0 : channel === 'green' ? 1 : 2;
    for (let i = 0, k = offset; i < out.length; i += 1, k += 3) out[i] = data[k] as number;
  }
  return { data: out, width, height };
}

/** Turns a picture clockwise by `turns` quarter turns. */
export function turnPicture(picture: Picture, turns: number): Picture {
  const quarter = ((turns % 4) + 4) % 4;
  const { data, width: w, height: h } = picture;
  if (quarter === 0) return picture;
  const out = new Uint8Array(data.length);
  const width = quarter % 2 === 1 ? h : w;
  const height = quarter % 2 === 1 ? w : h;
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const nx = quarter === 1 ? h - 1 - y : quarter === 2 ? w - 1 - x : y;
      const ny = quarter === 1 ? x : quarter === 2 ? h - 1 - y : w - 1 - x;
      const from = (y * w + x) * 3;
      const to = (ny * width + nx) * 3;
      out[to] = data[from] as number;
      out[to + 1] = data[from + 1] as number;
      out[to + 2] = data[from + 2] as number;
    }
  }
  return { data: out, width, height };
}

/** The part from one pixel to another, the latter left out. */
export function cutPicture(
  { data, width }: Picture,
  from: readonly [number, number],
  to: readonly [number, number],
): Picture {
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const part = new Uint8Array(across * down * 3);
  for (let y = 0; y < down; y += 1) {
    const start = ((from[1] + y) * width + from[0]) * 3;
    part.set(data.subarray(start, start + across * 3), y * across * 3);
  }
  return { data: part, width: across, height: down };
}
