import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: false },
  // `npx vite` in this folder serves the page while it is worked on, against a running pipeline.
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
