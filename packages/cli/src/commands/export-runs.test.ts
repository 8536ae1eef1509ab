import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inProcess } from '../../../../test/in-process.ts';
const runs = fileURLToPath(new URL('../../../../test/fixtures/runs/', import.meta.url));
const names = readdirSync(runs, { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== 'inputs').map((e) => e.name);
const folder = mkdtempSync(join(tmpdir(), 'unrolled-export-runs-'));
test.each(names)('%s', async (name) => {
  const t = performance.now();
  for (const to of ['onnx', 'pytorch']) {
  const { code, out, err } = await inProcess('export', join(runs, name), '--to', to, '--out', join(folder, name + to), '--verify', '--backend', 'reference');
  console.log(name, code, out, err, performance.now() - t);
  expect(code).toBe(0);
  }
});
