/** What the routes call, by subject; wired in start-agent.ts. */
import type { AttachmentServices } from './attachment-routes.ts';
import type { DeviceServices } from './device-routes.ts';
import type { EventServices } from './event-route.ts';
import type { PageServices, RecordServices } from './record-routes.ts';
import type { SessionServices } from './session-routes.ts';
import type { StackServices } from './batch-routes.ts';
import type { BrowserLogin } from '../services/login/browser-login.ts';
import type { Sealing } from '../services/sealing/seal.ts';

export interface Services {
  session: SessionServices;
  records: RecordServices;
  pages: Omit<PageServices, 'door'>;
  attachments: Omit<AttachmentServices, 'door'>;
  seals: { sealing: Sealing };
  devices: DeviceServices;
  batches: Omit<StackServices, 'door'>;
  events: EventServices;
  browserLogin: BrowserLogin;
  /** Whether a subject is logged in. */
  isLoggedIn: () => boolean;
  /** Files that came in and are being worked on. */
  filesInWork: () => number;
}
