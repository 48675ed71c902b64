/** What the page may not do: go elsewhere, open windows, embed, download, ask for anything but the camera. */
import type { Session, WebContents } from 'electron';

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

export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
