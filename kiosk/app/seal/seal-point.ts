/** Where a seal's centre is wanted: `page` counts from 0, millimetres from the page's top left. */
export interface SealPoint {
  page: number;
  xMm: number;
  yMm: number;
}

export interface SealChoice {
  tokenId: string;
  certificateId: string;
  pin: string;
  by: 'company' | 'legal-person';
  placement?: SealPoint;
  seam?: { at: number };
}

export interface DrawnPage {
  widthMm: number;
  heightMm: number;
}

/** The drawn page inside its box (object-fit: contain), in the box's own pixels. */
export function fitPage(
  box: { width: number; height: number },
  page: DrawnPage,
): { left: number; top: number; pxPerMm: number } {
  const pxPerMm = Math.min(box.width / page.widthMm, box.height / page.heightMm);
  return {
    left: (box.width - page.widthMm * pxPerMm) / 2,
    top: (box.height - page.heightMm * pxPerMm) / 2,
    pxPerMm,
  };
}
