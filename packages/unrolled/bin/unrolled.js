#!/usr/bin/env node
// The library has no dependencies, and the command has: it is a package of its own. Where that is installed too, this runs it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

let manifest;
try {
  manifest = createRequire(import.meta.url).resolve('@unrolled/cli/package.json');
} catch {
  const asked = process.argv.slice(2).join(' ') || 'demo';
  process.stderr.write(
    `unrolled is the library; its command is in @unrolled/cli:\n\n  npm install unrolled @unrolled/cli\n  npx unrolled ${asked}\n\nor at once, without installing: npx @unrolled/cli ${asked}\n`,
  );
  process.exit(1);
}
await import(pathToFileURL(join(dirname(manifest), 'bin', 'unrolled.js')).href);
