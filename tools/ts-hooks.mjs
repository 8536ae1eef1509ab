// The two hooks behind ts.mjs. They run on a thread of their own.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';
import { doors } from './doors.mjs';

const source = (path, name = 'unrolled') => new URL(`../packages/${name}/src/${path}index.ts`, import.meta.url).href;
const sources = {
  unrolled: source(''),
  '@unrolled/convert': source('', 'convert'),
  '@unrolled/server': source('', 'server'),
  '@unrolled/server/node': new URL('../packages/server/src/node.ts', import.meta.url).href,
};
for (const door of doors) sources[`unrolled/${door}`] = source(`${door}/`);

export function resolve(specifier, context, next) {
  const source = sources[specifier];
  return source ? { url: source, format: 'module', shortCircuit: true } : next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const file = fileURLToPath(url);
  const { code, errors } = transformSync(file, await readFile(file, 'utf8'), { sourcemap: false });
  if (errors?.length) throw new SyntaxError(`${file}: ${errors[0].message}`);
  return { format: 'module', source: code, shortCircuit: true };
}
