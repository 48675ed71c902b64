import { fileURLToPath } from 'node:url';
import { defineConfig } from 'electron-vite';
import page from './kiosk/vite.config.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The kiosk's shell: main as ESM, the preload as CJS (a sandboxed preload can be nothing else), the same page. */
export default defineConfig({
  main: {
    build: {
      outDir: at('kiosk/dist-electron/main'),
      rollupOptions: { input: { main: at('kiosk/electron/main.ts') } },
    },
  },
  preload: {
    build: {
      outDir: at('kiosk/dist-electron/preload'),
      rollupOptions: {
        input: { preload: at('kiosk/electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    ...page,
    build: { ...page.build, outDir: at('kiosk/dist'), rollupOptions: { input: at('kiosk/index.html') } },
  },
});
