// The two hooks behind ts.mjs. They run on a thread of their own.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';

const sources = {
  unrolled: new URL('../packages/unrolled/src/index.ts', import.meta.url).href,
  'unrolled/analysis': new URL('../packages/unrolled/src/analysis/index.ts', import.meta.url).href,
  'unrolled/pipelines': new URL('../packages/unrolled/src/pipelines/index.ts', import.meta.url).href,
};

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
