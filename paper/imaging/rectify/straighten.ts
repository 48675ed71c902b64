/** Warps a page flat. */
import type { Quad } from '#domain/reading/schema.ts';
import type { PageFrame } from './paper-size.ts';
import { rectangleQuad } from '../geometry.ts';
import { matOf, withScope } from '../opencv.ts';
import type { Cv } from '../opencv.ts';
import type { Picture } from '../picture.ts';

/** `corners` in pixels of `picture`, top left first; the result has the frame's size. */
export function straighten(cv: Cv, picture: Picture, corners: Quad, frame: PageFrame): Picture {
  const { widthPx, heightPx } = frame;
  if (isIdentity(picture, corners, frame)) return picture;
  return withScope((bin) => {
    let source = bin(matOf(cv, picture.data, picture.width, picture.height, 3));
    let shrink = 1;
    // More than twice the wanted resolution would alias under bilinear sampling: shrink by area first.
    if (frame.sourceDpi > 1.9 * frame.dpi) {
      shrink = frame.dpi / frame.sourceDpi;
      const smaller = bin(new cv.Mat());
      cv.resize(
        source,
        smaller,
        new cv.Size(Math.round(picture.width * shrink), Math.round(picture.height * shrink)),
        0,
        0,
        cv.INTER_AREA,
      );
      source = smaller;
    }
    const from = bin(
      cv.matFromArray(
        4,
        1,
        cv.CV_32FC2,
        corners.flatMap(([x, y]) => [x * shrink - 0.5, y * shrink - 0.5]),
      ),
    );
    const to = bin(
      cv.matFromArray(
        4,
        1,
        cv.CV_32FC2,
        rectangleQuad(0, 0, widthPx, heightPx).flatMap(([x, y]) => [x - 0.5, y - 0.5]),
      ),
    );
    const map = bin(cv.getPerspectiveTransform(from, to));
    const out = bin(new cv.Mat());
    cv.warpPerspective(
      source,
      out,
      map,
      new cv.Size(widthPx, heightPx),
      cv.INTER_LINEAR,
      cv.BORDER_REPLICATE,
      new cv.Scalar(),
    );
    return { data: new Uint8Array(out.data), width: widthPx, height: heightPx };
  });
}

function isIdentity(picture: Picture, corners: Quad, frame: PageFrame): boolean {
  const whole = rectangleQuad(0, 0, picture.width, picture.height);
  return (
    frame.widthPx === picture.width &&
    frame.heightPx === picture.height &&
    corners.every(
      ([x, y], i) => Math.abs(x - (whole[i]?.[0] ?? 0)) < 0.5 && Math.abs(y - (whole[i]?.[1] ?? 0)) < 0.5,
    )
  );
}
