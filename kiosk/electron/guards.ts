/** What page and person may not do: go elsewhere, open windows, embed, download, ask for anything but the camera, leave. */
import type { BrowserWindow, Session, WebContents } from 'electron';

export function guardSession(session: Session, pageOrigin: () => string | undefined): void {
  session.setPermissionRequestHandler((_, permission, answer, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    answer(mayUse({ permission, origin: originOf(details.requestingUrl), pageOrigin: pageOrigin(), types }));
  });
  session.setPermissionCheckHandler((_, permission, origin, details) =>
    mayUse({
      permission,
      origin: originOf(origin),
      pageOrigin: pageOrigin(),
      types:
        details.mediaType === undefined || details.mediaType === 'unknown' ? ['video'] : [details.mediaType],
    }),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** The camera's picture, for the page itself; never sound. */
export function mayUse(asked: {
  permission: string;
  origin: string | undefined;
  pageOrigin: string | undefined;
  types: readonly string[];
}): boolean {
  const isPage = asked.pageOrigin !== undefined && asked.origin === asked.pageOrigin;
  return (
    isPage &&
    asked.permission === 'media' &&
    asked.types.length > 0 &&
    asked.types.every((type) => type === 'video')
  );
}

export function guardContents(contents: WebContents, pageOrigin: () => string | undefined): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  const stay = (event: { preventDefault(): void }, url: string): void => {
    if (originOf(url) !== pageOrigin()) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
}

/** At the counter nobody closes, reloads, enlarges, prints, saves or looks behind the page by a key. */
export function isForbiddenKey({ key, control, meta, alt }: PressedKey): boolean {
  if (/^F([1-9]|1[0-2])$/u.test(key)) return true;
  if (alt && !control && ['F4', 'ArrowLeft', 'ArrowRight', 'Home', ' '].includes(key)) return true;
  if (key.startsWith('Browser')) return true;
  const isEditing = ['a', 'c', 'v', 'x', 'z', 'y'].includes(key.toLowerCase());
  const isMoving = ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'Backspace', 'Delete', 'Control', 'Meta'];
  return (control || meta) && !alt && !isEditing && !isMoving.includes(key);
}

export interface PressedKey {
  /** As KeyboardEvent.key names it. */
  key: string;
  control: boolean;
  meta: boolean;
  alt: boolean;
}

/** The window stays, whole and at its size, until the program itself is told to end. */
export function keepAtCounter(window: BrowserWindow, isQuitting: () => boolean): void {
  window.on('close', (event) => {
    if (!isQuitting()) event.preventDefault();
  });
  const { webContents } = window;
  webContents.on('before-input-event', (event, input) => {
    if (isForbiddenKey(input)) event.preventDefault();
  });
  webContents.on('zoom-changed', () => webContents.setZoomLevel(0));
  void webContents.setVisualZoomLevelLimits(1, 1);
}

export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
