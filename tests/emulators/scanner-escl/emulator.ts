/**
 * A network scanner that speaks eSCL: capabilities, status, jobs, documents one by one. Its feeder holds pictures of
 * sheets, which it renders at the asked resolution and colours. It shares no code with the driver.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import sharp from 'sharp';
import { capabilitiesXml, readSettings, statusXml } from './xml.ts';
import type { AdfState, JobReport, JobSettings } from './xml.ts';

/** A sheet of paper: its pictures and its size. */
export interface Sheet {
  front: { png: Uint8Array; widthMm: number; heightMm: number };
  back?: { png: Uint8Array; widthMm: number; heightMm: number };
}

/**
 * What goes wrong when the sheet of this number (from 0) is due; the sheet stays in the tray. `busy` and `garbage` begin
 * before any sheet.
 */
export type ShownError =
  | { kind: 'jam' | 'hatch-open' | 'double-feed' | 'unplug' | 'hang'; atSheet: number }
  | { kind: 'busy' | 'garbage' }
  /** So often the next document is not ready yet. */
  | { kind: 'slow'; times: number }
  /**
   * The sheet goes through and is never given; the job is given up by the scanner; the scanner says that there is no
   * next one while paper lies in the tray, and tells of no job.
   */
  | { kind: 'lose' | 'give-up' | 'early-end'; atSheet: number }
  /** It scans with this resolution whatever was asked, and writes the asked one into the picture or none. */
  | { kind: 'coarse'; dpi: number };

export interface EsclEmulator {
  /** Root of the service. */
  url: string;
  /** Puts sheets into the feeder, behind those that lie there. */
  load(sheets: readonly Sheet[]): void;
  /** Lays a sheet on the glass, or takes it away. */
  lay(sheet: Sheet | undefined): void;
  misbehave(trouble: ShownError): void;
  /** The person clears the jam, closes the hatch, plugs it in again. */
  clear(): void;
  sheetsLeft(): number;
  /** Settings of the jobs so far. */
  jobs(): JobSettings[];
  /** Called when the feeder has run empty at a job's end. */
  onEmpty(listener: () => void): void;
  close(): Promise<void>;
}

interface Job {
  id: string;
  settings: JobSettings;
  /** A duplex sheet's other side, due next. */
  back: Sheet['back'] | undefined;
  taken: number;
  /** Sides that were given, and those that the scanner counts. */
  given: number;
  lost: number;
  isOver: boolean;
  isGivenUp: boolean;
}

export async function startEsclEmulator(
  options: { name?: string; sheets?: readonly Sheet[]; glass?: Sheet; port?: number } = {},
): Promise<EsclEmulator> {
  const name = options.name ?? '模拟网络扫描仪';
  const tray: Sheet[] = [...(options.sheets ?? [])];
  let glass = options.glass;
  let trouble: ShownError | undefined;
  let adf: AdfState | undefined;
  let isUnplugged = false;
  let job: Job | undefined;
  const asked: JobSettings[] = [];
  const listeners: (() => void)[] = [];

  const adfState = (): AdfState => adf ?? (tray.length > 0 ? 'ScannerAdfLoaded' : 'ScannerAdfEmpty');
  const isRunning = (): boolean => job !== undefined && !job.isOver;

  const server = createServer((request, response) => {
    if (isUnplugged) {
      request.socket.destroy();
      return;
    }
    answer(request, response).catch(() => request.socket.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://scanner').pathname;
    const what = `${request.method} ${path}`;
    if (trouble?.kind === 'garbage') return send(response, 200, 'text/html', '<html>Sign in</html>');
    if (what === 'GET /eSCL/ScannerCapabilities') return xml(response, capabilitiesXml(name));
    if (what === 'GET /eSCL/ScannerStatus')
      return xml(
        response,
        statusXml({
          adf: adfState(),
          isBusy: isRunning() || trouble?.kind === 'busy',
          job: trouble?.kind === 'early-end' ? undefined : reportOf(job),
        }),
      );
    if (what === 'POST /eSCL/ScanJobs') return startJob(request, response);
    if (job && what === `GET /eSCL/ScanJobs/${job.id}/NextDocument`) return nextDocument(job, response);
    if (job && what === `DELETE /eSCL/ScanJobs/${job.id}`) {
      job.isOver = true;
      return send(response, 200, 'text/plain', '');
    }
    return send(response, 404, 'text/plain', '');
  }

  async function startJob(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const part of request) body += String(part);
    const settings = readSettings(body);
    if (!settings) return send(response, 400, 'text/plain', '');
    if (trouble?.kind === 'busy' || isRunning()) return send(response, 503, 'text/plain', '');
    if (settings.input === 'Feeder' && (adf !== undefined || tray.length === 0))
      return send(response, 409, 'text/plain', '');
    asked.push(settings);
    job = {
      id: randomUUID(),
      settings,
      back: undefined,
      taken: 0,
      given: 0,
      lost: 0,
      isOver: false,
      isGivenUp: false,
    };
    // As many scanners do it, by a host name of their own.
    response.writeHead(201, {
      location: `http://scanner.local/eSCL/ScanJobs/${job.id}`,
      'content-length': 0,
    });
    response.end();
  }

  async function nextDocument(current: Job, response: ServerResponse): Promise<void> {
    if (current.isOver || adf !== undefined) {
      current.isOver = true;
      return send(response, 404, 'text/plain', '');
    }
    if (trouble?.kind === 'slow' && trouble.times > 0) {
      trouble = { kind: 'slow', times: trouble.times - 1 };
      response.setHeader('retry-after', '0');
      return send(response, 503, 'text/plain', '');
    }
    if (current.back) {
      const back = current.back;
      current.back = undefined;
      return send(response, 200, 'image/jpeg', await draw(back, current));
    }
    if (current.settings.input === 'Platen') {
      if (current.taken > 0) {
        current.isOver = true;
        return send(response, 404, 'text/plain', '');
      }
      current.taken += 1;
      return send(response, 200, 'image/jpeg', await draw(glass?.front, current));
    }
    if (trouble?.kind === 'lose' && trouble.atSheet === current.taken && tray.length > 0) {
      tray.shift();
      current.taken += 1;
      current.lost += 1;
      trouble = undefined;
    }
    const sheet = tray[0];
    if (trouble && 'atSheet' in trouble && trouble.atSheet === current.taken)
      return goWrong(trouble.kind, current, response, sheet);
    if (!sheet) {
      current.isOver = true;
      send(response, 404, 'text/plain', '');
      for (const listener of listeners) listener();
      return undefined;
    }
    tray.shift();
    current.taken += 1;
    if (current.settings.duplex) current.back = sheet.back ?? blank(sheet.front);
    return send(response, 200, 'image/jpeg', await draw(sheet.front, current));
  }

  function draw(side: Sheet['back'] | undefined, current: Job): Promise<Buffer> {
    current.given += 1;
    return render(side, current.settings, trouble?.kind === 'coarse' ? trouble.dpi : current.settings.dpi);
  }

  async function goWrong(
    kind: ShownError['kind'],
    current: Job,
    response: ServerResponse,
    sheet: Sheet | undefined,
  ): Promise<void> {
    if (kind === 'hang') return undefined;
    if (kind === 'give-up' || kind === 'early-end') {
      current.isOver = true;
      current.isGivenUp = kind === 'give-up';
      return send(response, 404, 'text/plain', '');
    }
    if (kind === 'unplug') {
      const picture = await render(sheet?.front, current.settings);
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length });
      response.write(picture.subarray(0, picture.length / 2));
      isUnplugged = true;
      current.isOver = true;
      setImmediate(() => response.socket?.destroy());
      return undefined;
    }
    adf =
      kind === 'jam'
        ? 'ScannerAdfJam'
        : kind === 'hatch-open'
          ? 'ScannerAdfHatchOpen'
          : 'ScannerAdfMultipickDetected';
    current.isOver = true;
    return send(response, kind === 'jam' ? 404 : 409, 'text/plain', '');
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}/eSCL`,
    load: (sheets) => void tray.push(...sheets),
    lay: (sheet) => {
      glass = sheet;
    },
    misbehave: (next) => {
      trouble = next;
      if (next.kind === 'hatch-open' && next.atSheet === 0) adf = 'ScannerAdfHatchOpen';
    },
    clear: () => {
      trouble = undefined;
      adf = undefined;
      isUnplugged = false;
    },
    sheetsLeft: () => tray.length,
    jobs: () => [...asked],
    onEmpty: (listener) => void listeners.push(listener),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}

function xml(response: ServerResponse, body: string): void {
  send(response, 200, 'text/xml', body);
}

function blank({ widthMm, heightMm }: Sheet['front']): NonNullable<Sheet['back']> {
  return { png: new Uint8Array(), widthMm, heightMm };
}

function reportOf(job: Job | undefined): JobReport | undefined {
  if (!job) return undefined;
  const { id, given, lost, isOver, isGivenUp } = job;
  const state = isGivenUp ? 'Aborted' : isOver ? 'Completed' : 'Processing';
  return { id, state, completed: given + lost, toTransfer: 0 };
}

/** The scan area with the sheet in its corner, as a JPEG; what is beyond the sheet is the pale roller behind it. */
async function render(
  side: Sheet['back'] | undefined,
  settings: JobSettings,
  dpi = settings.dpi,
): Promise<Buffer> {
  const { mode } = settings;
  const [widthPx, heightPx] = [settings.widthPx, settings.heightPx].map((px) =>
    Math.round((px * dpi) / settings.dpi),
  ) as [number, number];
  const background = '#fafaf9';
  const px = (mm: number): number => Math.max(1, Math.round((mm / 25.4) * dpi));
  const width = Math.min(widthPx, px(side?.widthMm ?? 1));
  const height = Math.min(heightPx, px(side?.heightMm ?? 1));
  const paper =
    side && side.png.length > 0
      ? sharp(side.png).flatten({ background: '#ffffff' }).resize({ width, height, fit: 'fill' })
      : sharp({ create: { width, height, channels: 3, background: '#ffffff' } });
  const area = paper.extend({ right: widthPx - width, bottom: heightPx - height, background });
  if (mode === 'Grayscale8') area.toColourspace('b-w');
  if (mode === 'BlackAndWhite1') area.threshold(160).toColourspace('b-w');
  return area.withDensity(settings.dpi).jpeg({ quality: 92 }).toBuffer();
}
