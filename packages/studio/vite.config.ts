// The studio as static files that work under any path: every address in them is relative. Its worker is a module of its own, which page and
// server have to send from the same origin.
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  resolve: { dedupe: ['preact'] }, // the signals are another package, and hook into the Preact that they find
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: addresses are not in the page's policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: 'es' },
});
