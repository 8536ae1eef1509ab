// A run of every task and form is exported as a network, and verified from the files: runs of the first version, whose configurations have other names.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { inProcess } from '../../../../test/in-process.ts';

const runs = fileURLToPath(new URL('../../../../test/fixtures/runs/', import.meta.url));
const names = readdirSync(runs).filter(isRun);
const withoutGraph = 'tag-spelled';
const folder = mkdtempSync(join(tmpdir(), 'unrolled-export-runs-'));
const ort = await import('onnxruntime-node').catch(() => null);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function isRun(name: string): boolean {
  try {
    return readdirSync(join(runs, name)).includes('config.json');
  } catch {
    return false; // a file
  }
}

const exported = (name: string, to: string) =>
  inProcess(
    'export',
    join(runs, name),
    '--to',
    to,
    '--out',
    join(folder, `${name}-${to}`),
    '--verify',
    '--backend',
    'reference',
  );

/** Runs whose network is two graphs. */
const inTwo = (name: string) => /^(?:translate|caption)/.test(name);

test('there is a run of every task that trains', () => {
  const tasks = names.map(
    (name) => (JSON.parse(readFileSync(join(runs, name, 'config.json'), 'utf8')) as { task: string }).task,
  );
  expect([...new Set(tasks)].toSorted()).toEqual([
    'caption',
    'classify',
    'classify-series',
    'forecast',
    'memory',
    'tag',
    'tag-series',
    'text',
    'translate',
    'video',
    'vqa',
  ]);
});

test.skipIf(!ort).each(names.filter((name) => name !== withoutGraph))(
  '%s as ONNX, verified by onnxruntime (skipped where it is not installed)',
  async (name) => {
    const { code, out, err } = await exported(name, 'onnx');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      inTwo(name) ? 'model-encoder.onnx, model-decoder.onnx, certificate.json' : ': model.onnx, certificate.json',
    );
    expect(Number(/verified +by onnxruntime, relative error (\S+)/.exec(out)?.[1])).toBeLessThan(1e-5);
  },
);

test('a tagger with character features as its weights alone', async () => {
  for (const format of ['onnx', 'keras', 'tfjs']) {
    const { code, err } = await exported(withoutGraph, format);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('got a tagger with character features; its weights alone'),
    ]);
  }
  const { code, out } = await exported(withoutGraph, 'npz');
  expect([code, out]).toEqual([0, expect.stringContaining('model.npz')]);
});

test.each(['translate-plain', 'caption-inject', 'vqa-map', 'video-frame', 'memory'])(
  '%s as PyTorch, with model.py',
  async (name) => {
    const { code, out, err } = await exported(name, 'pytorch');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch('model.pt, model.py, certificate.json');
    expect(out).toMatch(/verified +by unrolled, relative error/);
    const script = readFileSync(join(folder, `${name}-pytorch`, 'model.py'), 'utf8');
    expect(script.match(/def forward\w*\(self/g)).toEqual(
      inTwo(name) ? ['def forward_encoder(self', 'def forward_decoder(self'] : ['def forward(self'],
    );
  },
);

test.each(['translate-attention', 'caption-soft', 'vqa-product', 'forecast-recursive', 'text-gru-tied'])(
  '%s as Keras, with model.py',
  async (name) => {
    const { code, out, err } = await exported(name, 'keras');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      inTwo(name) ? 'model-encoder.keras, model-decoder.keras, model.py' : /: model\.keras,.* model\.py/,
    );
    expect(Number(/verified +by unrolled, relative error (\S+)/.exec(out)?.[1])).toBeLessThan(1e-5);
  },
);
