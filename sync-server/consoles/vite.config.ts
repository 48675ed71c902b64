import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The departments' desk: served by the sync server under its strict policy, so nothing is inlined. */
export default defineConfig({
  root: fileURLToPath(new URL('./desk', import.meta.url)),
  base: '/',
  plugins: [vue()],
  build: {
    outDir: fileURLToPath(new URL('./dist', import.meta.url)),
    emptyOutDir: true,
    target: 'chrome128',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
});
