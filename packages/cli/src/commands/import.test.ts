// From a checkpoint of PyTorch to answers: describe, import, predict.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formats } from '@unrolled/convert';
import { Linear, LSTM, manualSeed, Module, openRun, randn, type Tensor } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { code, global, ordered, pickle, reduce, tensor, text, tuple, zipCheckpoint } from '../../../../test/pickles.ts';
import { inProcess } from '../../../../test/in-process.ts';
import { onnxModel } from '../../../../test/onnx-writer.ts';
import { importOptions, modelFileOptions } from '../command-line/model-file-options.ts';

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

describe('a model of ONNX', () => {
  // x [1, 2, 1] → a GRU that resets before the product, and ± its last state: the sign is chosen by an input.
  const branch = (op: string, output: string) => ({
    graph: { nodes: [{ op, inputs: ['h'], outputs: [output] }], inputs: [], outputs: [{ name: output }] },
  });
  const model = (producer: string) =>
    onnxModel(
      {
        nodes: [
          { op: 'GRU', name: 'gru', inputs: ['x', 'W', 'R', 'B'], outputs: ['', 'h'], attributes: { hidden_size: 1 } },
          { op: 'Equal', inputs: ['sr', 'rate'], outputs: ['same'] },
          {
            op: 'If',
            inputs: ['same'],
            outputs: ['y'],
            attributes: { then_branch: branch('Identity', 'a'), else_branch: branch('Neg', 'b') },
          },
        ],
        inputs: [
          { name: 'x', shape: [2, 1, 1] },
          { name: 'sr', type: 'int64', shape: [] },
        ],
        outputs: [{ name: 'y' }],
        initializers: {
          W: { shape: [1, 3, 1], values: [1, 2, 3] },
          R: { shape: [1, 3, 1], values: [2, 1, 3] },
          B: { shape: [1, 6], values: [0, 0, 0, 0, 0, 0.7] },
          rate: { shape: [], values: [16000], type: 'int64' },
        },
      },
      { producer },
    );
  const onnx = join(folder, 'gru.onnx');
  writeFileSync(onnx, model('pytorch'));
  const input = join(folder, 'x.json');
  writeFileSync(input, '[[[1]], [[-1]]]');
  const imported = async (...args: string[]) => {
    const out = join(folder, 'onnx-run');
    const { out: text, err, code: exit } = await inProcess('import', onnx, '--out', out, '--force', ...args);
    expect([exit, err]).toEqual([0, '']);
    const predicted = JSON.parse((await inProcess('predict', out, input)).out) as { y: number[][][] };
    return { text, y: predicted.y.flat(2)[0] };
  };

  /** Gates z r n of a GRU with weights 1 2 3 and 2 1 3, over 1, −1. The bias of R_n h is 0.7: where it stands is what the forms differ in. */
  function gru(resetAfter: boolean): number {
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
    let h = 0;
    for (const x of [1, -1]) {
      const [z, r] = [sigmoid(x + 2 * h), sigmoid(2 * x + h)];
      const n = Math.tanh(3 * x + (resetAfter ? r * (3 * h + 0.7) : 3 * (r * h) + 0.7));
      h = (1 - z) * n + z * h;
    }
    return h;
  }

  test('whose GRU was written wrongly is named, and read as it was trained where asked for', async () => {
    const { out: described } = await inProcess('describe', onnx);
    expect(described).toContain('onnxscript 0.5.7 to 0.7.0 left out linear_before_reset');
    expect((await inProcess('describe', onnx, '--gru', 'as-written')).out).not.toContain('left out');
    const { out: trained } = await inProcess('describe', onnx, '--gru', 'as-trained');
    expect(trained).toMatch(/gru-form +gru +as trained: reset after the product/);
    const [before, after] = [
      await imported('--fixed', 'sr=16000'),
      await imported('--fixed', 'sr=16000', '--gru', 'as-trained'),
    ];
    expect(before.text).toContain('left out linear_before_reset');
    expect(after.text).not.toContain('left out');
    expect(Math.abs(gru(true) - gru(false))).toBeGreaterThan(0.01);
    expect(before.y).toBeCloseTo(gru(false), 6);
    expect(after.y).toBeCloseTo(gru(true), 6);
  });

  test('loses the branches that a fixed input decides', async () => {
    const { out: described } = await inProcess('describe', onnx, '--fixed', 'sr=8000', '--json');
    const { inputs, decisions } = JSON.parse(described) as { inputs: string[]; decisions: { what: string }[] };
    expect(inputs).toEqual(['x [2, 1, 1]']);
    expect(decisions.map(({ what }) => what)).toContain('fixed-input');
    const [same, other] = [await imported('--fixed', 'sr=16000'), await imported('--fixed', 'sr=8000')];
    expect(same.y).toBeCloseTo(gru(false), 6);
    expect(other.y).toBeCloseTo(-gru(false), 6);
  });

  test.each([
    [['--fixed', 'sr'], 'expected names with numbers, as "sr=16000", got "sr"'],
    [['--fixed', 'rate=1'], 'the fixed input "rate": expected an input of the model: x, sr, got another name'],
    [['--fixed', 'x=1'], 'the fixed input "x": expected an input of one number, got the shape [2, 1, 1]'],
    [['--fixed', 'sr=0.5'], 'the fixed input "sr": expected a whole number, got 0.5'],
    [['--gru', 'torch'], 'as-written'],
  ])('%j is refused', async (args, message) => {
    const { err, code: exit } = await inProcess('describe', onnx, ...args);
    expect([err.includes(message) || err, exit === 0]).toEqual([true, false]);
  });

  test('is the only one that --gru and --fixed go with', async () => {
    const { err } = await inProcess('describe', file, '--gru', 'as-trained');
    expect(err).toContain('option gru: expected an ONNX model, got a file of the format pytorch');
  });
});
