import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualSeed } from 'unrolled';
import { test, expect } from 'vitest';
import { exportModel } from '../packages/convert/src/export-model.ts';
import { models } from './models.ts';
test('x', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-export-'));
  const names = Object.keys(models).filter((n) => !n.startsWith('convolutions'));
  const scripts: string[] = [];
  for (const [k, name] of names.entries()) {
    manualSeed(1);
    const { files } = await exportModel(models[name].make().eval() as never, k % 2 === 0 ? 'pytorch' : 'safetensors');
    const own = mkdtempSync(join(folder, `${k}-`));
    for (const [f, bytes] of files) writeFileSync(join(own, f), bytes);
    scripts.push(join(own, 'model.py'));
  }
  const runner = 'import runpy, sys, traceback\nfor path in sys.argv[1:]:\n  try: runpy.run_path(path, run_name="__main__")\n  except BaseException: print(path, traceback.format_exc())';
  const out = execFileSync('/usr/bin/python3', ['-c', runner, ...scripts], { encoding: 'utf8' });
  console.log(out);
  expect(out).toBeTruthy();
}, 200000);
