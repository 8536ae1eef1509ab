// GET /: a page that shows the models and lets a person try each. Its style and script are files of their own, as its policy wants.

import { modelsPage } from '../page/models.ts';
import { script } from '../page/script.ts';
import { style } from '../page/style.ts';
import { route } from './route.ts';

const shared = { method: 'GET', group: 'Page', style: 'openai', open: true } as const;

const file = (text: string, type: string, cache: string) =>
  new Response(text, { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': cache } });

export const page = route({
  ...shared,
  path: '/',
  summary: 'The page of this server.',
  handle({ server, request }) {
    const { basePath: base, version, engine } = server;
    const host = request.headers.get('host') ?? new URL(request.url).host;
    const scheme = request.headers.get('x-forwarded-proto') === 'https' ? 'https:' : new URL(request.url).protocol;
    const at = { base, version, origin: `${scheme}//${host}` };
    return file(modelsPage(engine.models(), at), 'text/html', 'no-store');
  },
});

export const pageStyle = route({
  ...shared,
  path: '/page.css',
  early: true,
  summary: 'The style of the page.',
  handle: () => file(style, 'text/css', 'no-cache'),
});

export const pageScript = route({
  ...shared,
  path: '/page.js',
  early: true,
  summary: 'The script of the page.',
  handle: () => file(script, 'text/javascript', 'no-cache'),
});
