import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * What the sync server shows in browsers: the departments' desk, the user centre for units, the pages for phones. Served under a
 * strict policy, so nothing is inlined.
 */
export default defineConfig({
  root: at('.'),
  base: '/',
  plugins: [vue()],
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
        mobile: at('mobile/index.html'),
      },
    },
  },
});
