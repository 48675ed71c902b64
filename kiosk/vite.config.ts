import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The kiosk's page: served by the agent on loopback, shown in Electron or in any Chromium in kiosk mode. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [vue()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'chrome128',
    chunkSizeWarningLimit: 1500,
    // An inlined asset would need data: in the page's policy.
    assetsInlineLimit: 0,
  },
});
