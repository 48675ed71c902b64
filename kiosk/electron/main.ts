/** The kiosk's window. Nothing of the product lives here: the agent does the work, the page shows it. */
import { app, BrowserWindow, ipcMain, Menu, session } from 'electron';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { accessChannel } from './access-channel.ts';
import { readsAddress, splitAccess } from './agent-address.ts';
import type { ShellAccess } from './agent-address.ts';
import { startAgentProcess } from './agent-process.ts';
import { guardContents, guardSession, keepAtCounter } from './guards.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
/** Kept between starts, since the page remembers which camera was chosen; it stores nothing of people. */
const partition = 'persist:kiosk';

app.enableSandbox();
if (!app.requestSingleInstanceLock()) app.quit();
else await run();

async function run(): Promise<void> {
  await app.whenReady();
  Menu.setApplicationMenu(null);
  let access: ShellAccess | undefined;
  const origin = (): string | undefined => access?.agentUrl;
  guardSession(session.fromPartition(partition), origin);
  app.on('web-contents-created', (_, contents) => guardContents(contents, origin));
  ipcMain.on(accessChannel, (event) => {
    // Only the page itself is told, never a frame or another address.
    const isPage = event.senderFrame?.parent === null && event.senderFrame.origin === origin();
    event.returnValue = isPage ? access : undefined;
  });

  const window = openWindow();
  const show = (url: string): void => {
    access = splitAccess(url);
    void window.loadURL(`${access.agentUrl}/`);
  };
  window.webContents.on('render-process-gone', () => window.webContents.reload());

  if (readsAddress(process.argv)) {
    for await (const line of createInterface({ input: process.stdin })) show(line);
    return;
  }
  const agent = startAgentProcess({
    root,
    env: process.env,
    onReady: show,
    onLog: (text) => process.stderr.write(text),
  });
  app.on('before-quit', () => agent.stop());
}

function openWindow(): BrowserWindow {
  const isKiosk = !process.argv.includes('--windowed');
  const window = new BrowserWindow({
    width: 1920,
    height: 1080,
    kiosk: isKiosk,
    autoHideMenuBar: true,
    backgroundColor: '#eff4f8',
    webPreferences: {
      preload,
      partition,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // for whoever works on the page, at a desk
      devTools: !isKiosk && !app.isPackaged,
    },
  });
  let isQuitting = false;
  // Staff end the program as a service: by its signal, by `npm start`, or with the machine.
  app.on('before-quit', () => (isQuitting = true));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => app.quit());
  window.on('session-end', () => (isQuitting = true));
  if (isKiosk) keepAtCounter(window, () => isQuitting);
  window.on('closed', () => app.quit());
  return window;
}
