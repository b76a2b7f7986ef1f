import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { hanFont } from './build/han-font.ts';
import { mockServer } from './mock/plugin.ts';

const server = process.env.KERVAN_URL ?? 'http://127.0.0.1:8080';

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), hanFont(), ...(mode === 'mock' ? [mockServer()] : [])],
  base: '/',
  build: {
    target: 'es2022',
    // Nothing becomes a data: URL, so that a content security policy of 'self' is enough.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // The map's worker is a module named .mjs; as .js every server knows its type.
      output: { assetFileNames: (asset) => `assets/[name]-[hash]${asset.names.some((name) => name.endsWith('.mjs')) ? '.js' : '[extname]'}` },
    },
  },
  server: {
    port: 5173,
    proxy: mode === 'mock' ? {} : { '/api': server, '/epcis': server, '/openapi.json': server, '/health': server },
  },
  // The policy the server sends too: `npm run preview` shows at once what it would forbid.
  preview: {
    port: 4173,
    proxy: mode === 'mock' ? {} : { '/api': server, '/epcis': server, '/openapi.json': server, '/health': server },
    headers: {
      'content-security-policy':
        "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
}));
