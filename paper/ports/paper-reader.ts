/** Port: from a file or a camera picture to straight pages, lines of text and scores. */
import type { CornerName, Line, Quad, Quality, SealText } from '#domain/reading/schema.ts';
import type { ClaimScore } from '#domain/verdict/schema.ts';

export interface WaitOptions {
  signal: AbortSignal;
  timeoutMs: number;
}

export interface PaperSize {
  widthMm: number;
  heightMm: number;
}

export interface OpenOptions extends WaitOptions {
  /** Candidates for the paper's size, from the document; default A4 both ways, A3, ID card. */
  paperSizes?: PaperSize[];
  /** Corners set by hand, in pixels of the source picture; one picture only. */
  corners?: Quad;
  /** The file comes from a scanner at this resolution: sheet sizes follow from it instead of from shapes. */
  scannedAtDpi?: number;
  /** What is read of each page while it is at hand; nothing if left out. A blank page is not read. */
  reads?: readonly PageContent[];
  /** Codes are looked for on so many of the first pages; on all if left out. */
  codePages?: number;
  /** Called when a page is straight, before it is read; `total` is known from the start. */
  onPage?: (done: number, total: number) => void;
  /** Called when a page was read, or passed over. */
  onRead?: (done: number, total: number) => void;
}

export const pageContents = ['lines', 'codes'] as const;
export type PageContent = (typeof pageContents)[number];

export interface ReadOptions extends WaitOptions {
  /** The lines alone if left out. */
  reads?: readonly PageContent[];
}

/** A straightened page. `jpeg` is the colour archive copy; all later boxes are in its pixels. */
export interface StraightPage {
  index: number;
  jpeg: Uint8Array;
  widthPx: number;
  heightPx: number;
  widthMm: number;
  heightMm: number;
  dpi: number;
  /** Corners in pixels of the source picture (after its EXIF rotation), clockwise from the page's own top left. */
  corners: Quad;
  /** The page was cut by `corners` out of the only picture of the file: they may be set again by hand. */
  hasCorners: boolean;
  sourceWidthPx: number;
  sourceHeightPx: number;
  quality: Quality;
  /** The file's page could not be decoded: an empty one stands in its place, so that page numbers stay true. */
  unreadable?: true;
}

/** What was not asked for is empty. */
export interface PageReading {
  lines: Line[];
  /** Round seals, looked for with the lines. */
  seals: SealText[];
  codes: PageCode[];
  modelHash: string;
}

export interface OpenedPage extends StraightPage {
  /** Undefined where nothing was asked for, where there is nothing to read, and where reading this page failed. */
  reading?: PageReading;
}

/** A QR code or barcode; `format` is the symbology's usual name (QRCode, Code128); an empty text cannot be read. */
export interface PageCode {
  format: string;
  text: string;
  box: Quad;
}

export interface ClaimQuestion {
  id: string;
  /** Where the claim should stand, pixels of the page; several boxes are lines of one text in reading order. */
  boxes: Quad[];
  /** All forms in which the claimed value may stand on paper (domain/fields yields them), likeliest first. */
  forms: string[];
  /** The value may be a part of a longer text: what goes on behind the mark says nothing against it. */
  part?: boolean;
  /** Labels that stand before the value; a mark may take the end of one in. */
  labels?: readonly string[];
  /** Signs that such a value cannot hold, each with the one that it then must be. */
  standIns?: Readonly<Record<string, string>>;
}

/** The pixels of a mark with a narrow margin, at most 1600 x 1200. */
export interface MarkPicture {
  jpeg: Uint8Array;
  widthPx: number;
  heightPx: number;
}

/** What is asked of the marked places of one page. */
export interface PageQuestions {
  claims: readonly ClaimQuestion[];
  /** Marks to cut out: each entry is the places of one field, each place the boxes of its lines. */
  cuts?: readonly Quad[][][];
  codes?: boolean;
}

/** In the order asked; what was not asked for is empty. */
export interface PageAnswers {
  /** An empty crop scores probability 0. */
  scores: ClaimScore[];
  /** Undefined for marks off the page. */
  cuts: (MarkPicture | undefined)[];
  codes: PageCode[];
}

export interface FrameHint {
  corners?: Quad;
  /** Further sheets in view: each becomes a page of its own. */
  others?: Quad[];
  /** 0..1 part of the frame that the page fills. */
  pageShare: number;
  hints: (
    'no-page' | 'too-far' | 'too-dark' | 'glare' | 'blurred' | 'cut-off' | 'finger' | 'folded' | 'screen'
  )[];
  /** With the hint `folded`: which corners, as the frame shows them. */
  foldedCorners?: CornerName[];
}

export interface PaperReader {
  /**
   * Splits the file into pages (PDF, TIFF) or takes the picture, finds the page, straightens it, turns it upright,
   * judges it, and reads what is wanted of it: one call takes a picture to its text. May be called many times. The file's bytes
   * are not kept. What is read is read from `jpeg`, as every later call does.
   * Throws FILE_UNSUPPORTED and its kin, FILE_DAMAGED, FILE_ENCRYPTED, TOO_MANY_PAGES, PICTURE_TOO_LARGE,
   * PICTURE_TOO_SMALL, READER_FAILED, READER_FAULT, DEVICE_TIMEOUT.
   * A page that cannot be found is no throw: the whole picture is returned with the issue `page-not-found`.
   */
  openDocument(bytes: Uint8Array, options: OpenOptions): Promise<OpenedPage[]>;
  /** Reads the lines, the QR codes and barcodes, or both, of a straightened page. Throws FILE_DAMAGED, READER_FAILED, DEVICE_TIMEOUT. */
  readPage(jpeg: Uint8Array, options: ReadOptions): Promise<PageReading>;
  /** Scores claimed texts against a straightened page, cuts marks out of it for people to look at. Throws as `readPage`. */
  examinePage(jpeg: Uint8Array, questions: PageQuestions, options: WaitOptions): Promise<PageAnswers>;
  /** Looks at one small preview frame (JPEG, long side about 800 px); answers within about 100 ms. */
  lookAtFrame(jpeg: Uint8Array, options: WaitOptions): Promise<FrameHint>;
  /** The model pack in use. Throws MODEL_INVALID when the manifest or a hash does not hold. */
  describeModels(options: WaitOptions): Promise<{ packId: string; modelHash: string; licence: string }>;
  close(): Promise<void>;
}
