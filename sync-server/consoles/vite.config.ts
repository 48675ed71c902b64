import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Vant names a copy of its icons' font on another host besides the one that it brings: no page of ours asks anybody else. */
const ownFontsAlone: Plugin = {
  name: 'own-fonts-alone',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('/vant/') && id.endsWith('.css')
      ? code.replaceAll(/,\s*url\(['"]?\/\/[^)]*\)\s*format\(['"]woff['"]\)/gu, '')
      : undefined,
};

/**
 * What the sync server shows in browsers: the departments' desk, the user centre for units, the programmes' portals, the pages for phones. Served under a
 * strict policy, so nothing is inlined.
 */
export default defineConfig({
  root: at('.'),
  base: '/',
  plugins: [vue(), ownFontsAlone],
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    target: 'chrome128',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        desk: at('desk/index.html'),
        'user-centre': at('user-centre/index.html'),
        portal: at('portal/index.html'),
        mobile: at('mobile/index.html'),
      },
    },
  },
});
