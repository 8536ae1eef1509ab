// From a checkpoint of PyTorch to answers: describe, import, predict.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formats } from '@unrolled/convert';
import { Linear, LSTM, manualSeed, Module, openRun, randn, type Tensor } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { code, global, ordered, pickle, reduce, tensor, text, tuple, zipCheckpoint } from '../../../../test/pickles.ts';
import { inProcess } from '../../../../test/in-process.ts';
import { importOptions, modelFileOptions } from '../command-line/tables.ts';

class Net extends Module {
  readonly lstm = new LSTM(3, 4);
  readonly fc = new Linear(4, 2);

  /** x [B, T, 3] → [B, 2] */
  forward(x: Tensor): Tensor {
    const [y] = this.lstm.forward(x.transpose(0, 1));
    return this.fc.forward(y.select(0, y.shape[0] - 1));
  }
}

function checkpoint(net: Module, extra: Record<string, Uint8Array> = {}): Uint8Array {
  const state = [...net.stateDict()];
  const tensors = state.map(
    ([name, { shape, data }], i) => [name, tensor({ key: String(i), count: data.length, shape })] as const,
  );
  return zipCheckpoint(
    pickle(ordered({ ...Object.fromEntries(tensors), ...extra })),
    Object.fromEntries(state.map(([, { data }], i) => [i, data])),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'unrolled-import-'));
const file = join(folder, 'net.pt');
const run = join(folder, 'run');
manualSeed(5);
const net = new Net();
writeFileSync(file, checkpoint(net));

test('the choices of --format are the formats that are read', () => {
  expect(modelFileOptions.format.choices).toEqual(formats.map(({ name }) => name));
  expect(importOptions.format).toBe(modelFileOptions.format);
});

describe('a checkpoint of PyTorch', () => {
  test('is described', async () => {
    const { out: stdout } = await inProcess('describe', file, '--arrays');
    expect(stdout).toContain('holds    6 tensors, 154 numbers');
    expect(stdout).toMatch(/lstm +LSTM +3 → 4 +144\nfc +Linear +4 → 2 +10\n/);
    expect(stdout).toMatch(/lstm\.weight_ih_l0 +float32 +\[16, 3\]/);
  });

  test('warns of what would run, and its names move no cursor', async () => {
    const evil = join(folder, 'evil.pt');
    writeFileSync(
      evil,
      checkpoint(net, { 'x\x1b[2J': reduce(global('os', 'system'), tuple(text('true'))), y: code('N') }),
    );
    const { out: stdout } = await inProcess('describe', evil);
    expect(stdout).toContain('names os.system, which would run when Python loads the file');
    expect(stdout).toContain('x\\x1b[2J');
    expect(stdout).not.toContain('\x1b[2J');
  });

  test('is imported with a chain, certified, and asked', async () => {
    const { out: stdout } = await inProcess('import', file, '--chain', 'lstm last fc', '--out', run);
    expect(stdout).toMatch(/certified +1 test vector, largest error \d/);
    const x = randn([1, 4, 3]);
    const expected = net.forward(x).dataSync();
    const input = join(folder, 'input.json');
    writeFileSync(input, JSON.stringify(x.toArray()));
    const answer = JSON.parse((await inProcess('predict', run, input)).out) as { output: number[][] };
    expect(Math.max(...answer.output[0].map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-6);
    const opened = await openRun(run);
    expect(opened.task).toBe('tensors');
    expect(opened.model.parameterCount()).toBe(154);
  });

  test('that was imported refuses to open with other weights than were certified', async () => {
    const path = join(run, 'certificate.json');
    const certificate = JSON.parse(readFileSync(path, 'utf8')) as {
      vectors: { outputs: { output: { values: number[] } } }[];
    };
    certificate.vectors[0].outputs.output.values[0] += 1;
    const files = {
      'config.json': readFileSync(join(run, 'config.json')),
      'model.safetensors': readFileSync(join(run, 'model.safetensors')),
    };
    expect((await openRun(files)).task).toBe('tensors');
    await expect(openRun({ ...files, 'certificate.json': certificate })).rejects.toThrow(
      'the model does not compute what was certified: expected a relative error of at most 0.0001',
    );
    await expect(openRun({ ...files, 'certificate.json': {} })).rejects.toThrow(
      'is not the certificate of a conversion',
    );
  });

  test.each([
    [
      ['import', file, '--out', join(folder, 'none')],
      'which are weights alone; give the order of its layers (lstm, fc): --chain "lstm last fc"',
    ],
    [['import', file, '--chain', 'lstm last fc'], 'name the run folder to write, as --out runs/mine'],
    [['predict', run], 'expected files of JSON with input [batch, time, 3], as input.json'],
    [['inspect', run], 'is an imported network that reads and gives tensors; unrolled predict runs it'],
    [['describe', join(folder, 'nothing')], 'expected a file or folder, got nothing there'],
  ])('%j is refused', async (args, message) => {
    const { err: stderr, code: exit } = await inProcess(...args);
    expect([stderr.includes(message) || stderr, exit === 0]).toEqual([true, false]);
  });
});
