// `npm run bench:import`: how long a model file of 20 MB takes from its path to a module that runs, and how much memory at most, for each format. Each import is a
// process of its own, cold: the format's reader is loaded in the measured time. Memory is the largest resident size, less that before the import; the file
// itself, its weights in the module and all that is needed in between are in it. Targets: 1 s, and 3 times the file.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readModel } from '@unrolled/convert';
import { currentBackend, useBackend } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import { kerasTwoFile } from '../test/hdf5-files.ts';
import { onnxModel } from '../test/onnx-writer.ts';
import { ordered, pickle, tensor, zipCheckpoint } from '../test/pickles.ts';

const [I, H, O] = [256, 1000, 16]; // an LSTM and a linear layer: 5 million numbers
const chain = 'lstm last fc';
const most = { seconds: 1, times: 3 };

const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => 0.05 * Math.sin(seed + 1.7 * i));

/** PyTorch's names. */
const shapes: Readonly<Record<string, readonly number[]>> = {
  'lstm.weight_ih_l0': [4 * H, I],
  'lstm.weight_hh_l0': [4 * H, H],
  'lstm.bias_ih_l0': [4 * H],
  'lstm.bias_hh_l0': [4 * H],
  'fc.weight': [O, H],
  'fc.bias': [O],
};
const size = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);
const arrays = Object.entries(shapes).map(([name, shape], i) => [name, shape, wave(size(shape), i)] as const);

const formats: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
  'model.onnx': () =>
    onnxModel({
      nodes: [
        { op: 'LSTM', inputs: ['x', 'W', 'R', 'B'], outputs: ['', 'h'], attributes: { hidden_size: H } },
        { op: 'Squeeze', inputs: ['h', 'first'], outputs: ['last'] },
        { op: 'Gemm', inputs: ['last', 'fc', 'b'], outputs: ['y'], attributes: { transB: 1 } },
      ],
      inputs: [{ name: 'x', shape: ['time', 'batch', I] }],
      outputs: [{ name: 'y' }],
      initializers: {
        W: { shape: [1, 4 * H, I], values: wave(4 * H * I, 1) },
        R: { shape: [1, 4 * H, H], values: wave(4 * H * H, 2) },
        B: { shape: [1, 8 * H], values: wave(8 * H, 3) },
        fc: { shape: [O, H], values: wave(O * H, 4) },
        b: { shape: [O], values: wave(O, 5) },
        first: { shape: [1], values: [0], type: 'int64' },
      },
    }),
  'model.pt': () =>
    zipCheckpoint(
      pickle(
        ordered(
          Object.fromEntries(
            arrays.map(([name, shape, { length: count }], i) => [name, tensor({ key: String(i), count, shape })]),
          ),
        ),
      ),
      Object.fromEntries(arrays.map(([, , data], i) => [i, data])),
    ),
  'model.safetensors': () =>
    writeSafetensors(new Map(arrays.map(([name, shape, data]) => [name, { dtype: 'float32', shape, data }]))),
  'model.h5': () =>
    kerasTwoFile(
      {
        class_name: 'Sequential',
        config: {
          name: 'model',
          layers: [
            { class_name: 'LSTM', config: { name: 'lstm', units: H, batch_input_shape: [null, null, I] } },
            { class_name: 'Dense', config: { name: 'fc', units: O } },
          ],
        },
      },
      {
        lstm: {
          'lstm/kernel:0': [[I, 4 * H], Array.from(wave(4 * H * I, 1))],
          'lstm/recurrent_kernel:0': [[H, 4 * H], Array.from(wave(4 * H * H, 2))],
          'lstm/bias:0': [[4 * H], Array.from(wave(4 * H, 3))],
        },
        fc: { 'fc/kernel:0': [[H, O], Array.from(wave(O * H, 4))], 'fc/bias:0': [[O], Array.from(wave(O, 5))] },
      },
    ),
};

/** In a process of its own: prints the milliseconds and the bytes. */
async function measure(path: string): Promise<void> {
  await useBackend(currentBackend());
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const model = (await readModel(path, /\.(pt|safetensors)$/.test(path) ? { chain } : {})).module();
  const ms = performance.now() - began;
  const peak = process.resourceUsage().maxRSS * 1024; // of the process: nothing before was larger
  process.stdout.write(JSON.stringify({ ms, bytes: peak - before, parameters: model.parameterCount() }));
}

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-import-'));
  let met = true;
  process.stdout.write('| file | size | to a module | memory | of its size | |\n|---|---|---|---|---|---|\n');
  try {
    for (const [name, make] of Object.entries(formats)) {
      const path = join(folder, name);
      writeFileSync(path, await make());
      const bytes = statSync(path).size;
      const runs = Array.from({ length: 3 }, () => {
        const { stdout, stderr } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, path], {
          encoding: 'utf8',
        });
        if (stdout === '') throw new Error(stderr);
        return JSON.parse(stdout) as { readonly ms: number; readonly bytes: number };
      });
      const [ms, memory] = [Math.min(...runs.map((run) => run.ms)), Math.min(...runs.map((run) => run.bytes))];
      const meets = ms <= 1000 * most.seconds && memory <= most.times * bytes;
      met &&= meets;
      const mb = (n: number) => `${(n / 1e6).toFixed(1)} MB`;
      process.stdout.write(
        `| ${name} | ${mb(bytes)} | ${ms.toFixed(0)} ms | ${mb(memory)} | ${(memory / bytes).toFixed(2)}× | ${meets ? 'met' : 'NOT MET'} |\n`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  process.exitCode = met ? 0 : 1;
}

const [, , path] = process.argv;
await (path === undefined ? compare() : measure(path));
