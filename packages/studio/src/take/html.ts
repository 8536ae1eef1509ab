// A page of one file that answers and explains itself: its script, its style, the kernels, and the run. Its policy allows no request at all.

import { deflateSync } from 'fflate';
import kernels from 'unrolled/wasm/simd128.wasm?url';
import { licenses, script, style } from 'virtual:answer-page';
import { packed } from '../data/packed.ts';
import type { Carried } from '../page/carried.ts';
import type { Language } from '../words/catalogue.ts';
import { examplesOf } from './examples.ts';
import type { Taken } from './taken.ts';

const policy =
  "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

/** See the top of this file. */
export async function pageOf({ snapshot, history }: Taken, language: Language): Promise<Uint8Array> {
  const response = await fetch(kernels);
  if (!response.ok) throw new Error(`the kernels could not be read: the server answered ${response.status}`);
  const { spec, step, files } = snapshot;
  const { validations, samples } = history;
  const carried: Carried = {
    spec,
    step,
    files,
    language,
    examples: examplesOf(snapshot),
    history: { step: history.step, loss: history.loss, validations, samples },
  };
  const text = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(spec.name)}</title>
<style>${style.replaceAll('</style', '<\\/style')}</style>
</head>
<body>
<div id="app"></div>
<script type="application/octet-stream" id="run">${base64(deflateSync(packed(carried), { level: 9 }))}</script>
<script type="application/octet-stream" id="kernels">${base64(deflateSync(new Uint8Array(await response.arrayBuffer()), { level: 9 }))}</script>
<script type="application/octet-stream" id="script">${base64(deflateSync(encode(script), { level: 9 }))}</script>
<script>${starter}</script>
<!--
${licenses}
-->
</body>
</html>
`;
  return encode(text);
}

const encode = (text: string) => new TextEncoder().encode(text);

/** Unpacks the page's program, which is a third of its size when it is packed, and starts it. */
const starter = `(async () => {
  const bytes = Uint8Array.from(atob(document.getElementById('script').textContent), (c) => c.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const script = document.createElement('script');
  script.textContent = await new Response(unpacked).text();
  document.body.append(script);
})();`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(''));
}
