// GET /studio/…: the studio's static files, where the server was given them. They compute in the browser, so their policy allows WebAssembly and workers of this origin,
// and the page is isolated: it may share memory with threads. It may ask for the camera, which gestures are recorded with.

import { RunError } from 'unrolled/pipelines';
import { ApiError } from '../http/api-error.ts';
import { permissionsPolicy } from '../http/headers.ts';
import { type Call, route } from './route.ts';

const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  json: 'application/json',
};

const shared = { method: 'GET', group: 'Page', style: 'openai', open: true, early: true } as const;

/** A file of the studio. Those under assets/ have a hash in their names and are never another. */
async function answer({ server }: Call, path: string): Promise<Response> {
  const bytes = /^(?:assets\/)?[\w.-]+$/.test(path) && !path.includes('..') ? await server.studio?.read(path) : null;
  if (!bytes) throw new ApiError(404, 'not_found', server.studio ? 'the studio has no such file' : noStudio);
  const headers = {
    'content-type': types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': policy,
    'cross-origin-embedder-policy': 'require-corp',
    'permissions-policy': permissionsPolicy('(self)'),
  };
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
}

const noStudio = 'this server was started without the studio; `unrolled serve` and `unrolled studio` have it';

export const studio = route({
  ...shared,
  path: '/studio',
  summary: 'The studio, with the slash that its addresses need.',
  handle: ({ server }) => new Response(null, { status: 308, headers: { location: `${server.basePath}/studio/` } }),
});

export const studioPage = route({
  ...shared,
  path: '/studio/',
  summary: 'A page that trains networks and shows how they work.',
  handle: async (call) => {
    const page = await answer(call, 'index.html');
    const { studioRuns } = call.server;
    if (studioRuns.size === 0) return page;
    // The page reads from itself which runs there are to be opened.
    const links = Array.from(studioRuns.keys(), (name) => {
      const text = name.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
      return `<link rel="unrolled-run" href="runs/${encodeURIComponent(name)}/" title="${text}">`;
    });
    const html = (await page.text()).replace('</head>', () => `${links.join('')}</head>`);
    return new Response(html, { headers: page.headers });
  },
});

export const studioRun = route({
  ...shared,
  open: false, // weights are for whoever has the key, where there is one
  path: '/studio/runs/:run/:file',
  summary: 'A file of a run that the studio may open.',
  handle: (call) => runFile(call, call.params.file),
});

export const studioCheckpoint = route({
  ...shared,
  open: false, // weights are for whoever has the key, where there is one
  path: '/studio/runs/:run/checkpoints/:checkpoint/:file',
  summary: 'A file of a checkpoint of a run that the studio may open.',
  handle: (call) => runFile(call, `checkpoints/${call.params.checkpoint}/${call.params.file}`),
});

/** A file of a run: JSON or weights. What a run's files are lies in its folder, and nothing outside of it is read. */
async function runFile({ server, params }: Call, path: string): Promise<Response> {
  const files = server.studioRuns.get(params.run);
  const ending = path.slice(path.lastIndexOf('.') + 1);
  if (!files) throw new ApiError(404, 'not_found', 'the studio was given no such run');
  if (ending !== 'json' && ending !== 'safetensors') throw new ApiError(404, 'not_found', noFile);
  try {
    const bytes = await (await files()).bytes(path);
    const headers = { 'content-type': types[ending] ?? 'application/octet-stream', 'cache-control': 'no-cache' };
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  } catch (cause) {
    if (cause instanceof RunError) throw new ApiError(404, 'not_found', noFile);
    throw cause;
  }
}

const noFile = 'the run has no such file';

export const studioFile = route({
  ...shared,
  path: '/studio/:file',
  summary: 'A file of the studio.',
  handle: (call) => answer(call, call.params.file),
});

export const studioAsset = route({
  ...shared,
  path: '/studio/assets/:file',
  summary: 'A script, a style, or the kernels of the studio.',
  handle: (call) => answer(call, `assets/${call.params.file}`),
});
