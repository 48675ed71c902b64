/** Port: what brings sheets of paper in by itself: a flatbed, a feeder, a folder that another program fills. */
import type { AppError } from '#domain/errors/app-error.ts';

export type ScanSource = 'flatbed' | 'feeder' | 'feeder-duplex' | 'folder';
export type ScanColour = 'colour' | 'grey' | 'black-white';

export interface ScanAbilities {
  sources: ScanSource[];
  /** Dots per inch that a person may choose, ascending. Empty for a folder: the files are as they are. */
  dpis: number[];
  colours: ScanColour[];
}

export interface PageSourceHealth {
  /** Stable over restarts, so that a station remembers its choice. */
  id: string;
  name: string;
  /** Id of the entry in config/drivers/scanners.yaml. */
  driver: string;
  /** Device name, address or folder. */
  address: string;
  state: 'ready' | 'missing' | 'fault';
  simulated: boolean;
  /** Code of the error table when not ready. */
  errorCode?: string;
  can: ScanAbilities;
}

export interface ScanSettings {
  source: ScanSource;
  dpi: number;
  colour: ScanColour;
}

export interface ScanWait {
  signal: AbortSignal;
  /** The person has had enough: no further sheet is drawn in, and those that passed the feeder already still come. */
  finish?: AbortSignal;
  /** How long one sheet may take from its start to its last byte. */
  sheetTimeoutMs: number;
}

/** A file as it came: a picture of one side, or a PDF or TIFF of several. */
export interface ScannedSheet {
  bytes: Uint8Array;
  /** Resolution and colours that came, as the picture shows them; undefined where nothing tells (a folder). */
  dpi?: number;
  colour?: ScanColour;
  /** What the scanner was asked for, where it was one. */
  asked?: { dpi?: number; colour?: ScanColour };
  /** The name it had, for notes. */
  fileName?: string;
  /**
   * To be called once its pages are durable: only then may the source let go of it. A sheet whose call never comes is
   * offered again by sources that can (a folder).
   */
  kept: () => Promise<void>;
  /** To be called instead when it cannot be opened. Absent where the sheet is paper that has gone through: it is lost. */
  setAside?: SetAside;
}

/** Takes it out of the way with the reason beside it; answers where it lies now, undefined where it had to stay. */
export type SetAside = (refusal: AppError) => Promise<string | undefined>;

/** One that cannot be opened, as the source itself has found (too large, empty, a link). The rest goes on. */
export interface UnopenedSheet {
  refusal: AppError;
  fileName: string;
  setAside: SetAside;
}

/** What keeps the source from going on, which a person mends while it waits; undefined when it goes on again. */
export interface SourceNotice {
  notice: AppError | undefined;
  /** Something may lie there that has not come: a scan that ends now is not complete. */
  isIncomplete: boolean;
}

export type Arrival = ScannedSheet | UnopenedSheet | SourceNotice;

export interface PageSource {
  health(): PageSourceHealth;
  /**
   * Sheets in the order they come, until the tray is empty or the person stops (the signal). A flatbed yields one; a
   * folder goes on until it is stopped. The consumer's pace holds back the source where the protocol allows it.
   * One scan at a time: a second one throws DEVICE_BUSY.
   * Throws SCANNER_MISSING, SCANNER_EMPTY (nothing was in the tray), SCANNER_JAMMED, SCANNER_COVER_OPEN,
   * SCANNER_DOUBLE_FEED, SCANNER_LOST, SCANNER_REFUSED, SCANNER_SHEET_LOST (fewer came than were drawn in),
   * SCANNER_STOPPED (it stopped with no word of an empty tray), SCANNER_SETTING_UNSUPPORTED, DEVICE_BUSY,
   * DEVICE_TIMEOUT, DEVICE_FAULT; sheets yielded before are good. When the signal aborts it ends without an error.
   */
  scan(settings: ScanSettings, wait: ScanWait): AsyncGenerator<Arrival, void, undefined>;
}

/** All page sources of the station. */
export interface PageSources {
  list(): PageSource[];
  /** Throws SCANNER_MISSING. */
  get(id: string): PageSource;
  /** Looks at what is there now. */
  refresh(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
