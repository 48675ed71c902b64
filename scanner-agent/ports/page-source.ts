/** Port: what brings sheets of paper in by itself: a flatbed, a feeder, a folder that another program fills. */

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
  /** How long one sheet may take from its start to its last byte. */
  sheetTimeoutMs: number;
}

/** A file as it came: a picture of one side, or a PDF or TIFF of several. */
export interface ScannedSheet {
  bytes: Uint8Array;
  /** Resolution and colours as asked; undefined where the source cannot say (a folder). */
  dpi?: number;
  colour?: ScanColour;
  /** The name it had, for notes. */
  fileName?: string;
  /**
   * To be called once its pages are durable: only then may the source let go of it. A sheet whose call never comes is
   * offered again by sources that can (a folder).
   */
  kept: () => Promise<void>;
}

export interface PageSource {
  health(): PageSourceHealth;
  /**
   * Sheets in the order they come, until the tray is empty or the person stops (the signal). A flatbed yields one; a
   * folder goes on until it is stopped. The consumer's pace holds back the source where the protocol allows it.
   * One scan at a time: a second one throws DEVICE_BUSY.
   * Throws SCANNER_MISSING, SCANNER_EMPTY (nothing was in the tray), SCANNER_JAMMED, SCANNER_COVER_OPEN,
   * SCANNER_DOUBLE_FEED, SCANNER_LOST, SCANNER_REFUSED, DEVICE_BUSY, DEVICE_TIMEOUT, DEVICE_FAULT; sheets yielded
   * before are good. When the signal aborts it ends without an error.
   */
  scan(settings: ScanSettings, wait: ScanWait): AsyncGenerator<ScannedSheet, void, undefined>;
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
