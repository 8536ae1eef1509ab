// From a trained run to files of other systems.

import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writers } from '@unrolled/convert';
import { beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from '../../../../test/in-process.ts';
import { exportFormats } from '../command-line/model-file-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-export-command-'));
const run = join(folder, 'run');
const ort = await import('onnxruntime-node').catch(() => null);

beforeAll(async () => {
  const text = join(folder, 'text.txt');
  writeFileSync(text, 'a rose is a rose is a rose. '.repeat(200));
  const small = ['--steps', '2', '--hidden-size', '8', '--num-layers', '1', '--cell', 'gru', '--backend', 'reference'];
  const { code, err } = await inProcess('train', 'text', text, '--out', run, ...small);
  if (code !== 0) throw new Error(err);
});

test('the choices of --to are the formats that are written', () => {
  expect(exportFormats).toEqual(Object.keys(writers));
});

describe('a run', () => {
  test.each(['pytorch', 'safetensors', 'keras', 'npz'] as const)('is written as %s, and verified', async (format) => {
    const out = join(folder, format);
    const { out: stdout, err } = await inProcess(
      'export',
      run,
      '--to',
      format,
      '--out',
      out,
      '--verify',
      '--backend',
      'reference',
    );
    expect(err).toBe('');
    expect(stdout).toMatch(/verified +by unrolled, relative error/);
    expect(existsSync(join(out, 'vocabulary.json'))).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'certificate.json'), 'utf8'))).toMatchObject({
      version: 1,
      target: format,
    });
  });

  test.each([
    ['numpy', 'npz', 'model.npz'],
    ['torch', 'pytorch', 'model.pt'],
  ])('is written as %s, which is %s', async (name, target, file) => {
    const out = join(folder, `as-${name}`);
    const { out: stdout } = await inProcess(
      'export',
      run,
      '--to',
      name,
      '--out',
      out,
      '--json',
      '--backend',
      'reference',
    );
    expect(JSON.parse(stdout)).toMatchObject({ files: expect.arrayContaining([file]), certificate: { target } });
  });

  test('is written as ONNX, and verified by onnxruntime', async ({ skip }) => {
    skip(!ort, 'needs onnxruntime-node');
    const out = join(folder, 'onnx');
    const { out: stdout, err } = await inProcess(
      'export',
      run,
      '--to',
      'onnx',
      '--out',
      out,
      '--verify',
      '--backend',
      'reference',
    );
    expect(err).toBe('');
    expect(stdout).toMatch(/verified +by onnxruntime, relative error/);
    expect(stdout).toMatch(/gru-form +recurrent: reset after the product/);
  });

  test('that a format cannot express is refused by name, and nothing is written', async () => {
    const out = join(folder, 'tfjs');
    const { code, err } = await inProcess('export', run, '--to', 'tfjs', '--out', out, '--backend', 'reference');
    expect(code).not.toBe(0);
    expect(err).toContain('layer recurrent: expected a GRU with the reset gate before the product');
    expect(err).toContain('train with --cell gru-reset-before or --cell lstm, or export it as onnx');
    expect(existsSync(out)).toBe(false);
  });

  test('is not written over what is there', async () => {
    const out = mkdtempSync(join(folder, 'filled-'));
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const { code, err } = await inProcess('export', run, '--to', 'npz', '--out', out);
    expect(code).toBe(2);
    expect(err).toContain('is not empty; name another folder, or give --force');
  });

  test('needs a format', async () => {
    const { code, err } = await inProcess('export', run);
    expect(code).toBe(2);
    expect(err).toContain('name the format to write: onnx, pytorch, safetensors, keras, tfjs, npz');
  });
});
