/** What the routes call; wired in start-agent.ts. */
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Station } from '#domain/contracts/kiosk/station.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { BlobStore } from '../ports/store.ts';
import type { AddPortrait } from '../services/add-portrait.ts';
import type { ArrangePages } from '../services/arrange-pages.ts';
import type { Capture } from '../services/capture.ts';
import type { Devices } from '../services/devices.ts';
import type { PageSources } from '../ports/page-source.ts';
import type { Batches } from '../services/batches.ts';
import type { Events } from '../services/events.ts';
import type { Jobs } from '../services/jobs.ts';
import type { RecordService } from '../services/record-service.ts';
import type { Sealing } from '../services/seal.ts';
import type { Sessions } from '../services/session.ts';
import type { Submitting } from '../services/submit.ts';
import type { TestDevice } from '../services/test-device.ts';

export interface Services {
  station: () => Station;
  /** When the first of the drafts of who is logged in will be deleted; undefined where there is none. */
  draftsKeptUntil: () => string | undefined;
  catalogue: Catalogue;
  sessions: Sessions;
  desk: RecordService;
  jobs: Jobs;
  capture: Capture;
  arrangePages: ArrangePages;
  addPortrait: AddPortrait;
  readCard: (recordId: string, slot: string) => Job;
  check: (recordId: string, slot: string, revision: number) => Job;
  sealing: Sealing;
  submitting: Submitting;
  devices: Devices;
  scanners: PageSources;
  batches: Batches;
  testDevice: TestDevice;
  events: Events;
  reader: PaperReader;
  blobs: BlobStore;
  /** The sheet that parts two documents of a batch: A4, PNG. */
  drawSeparator: () => Promise<Uint8Array>;
  /** A smaller JPEG, `width` pixels wide. */
  shrinkJpeg: (jpeg: Uint8Array, width: number) => Promise<Uint8Array>;
}
