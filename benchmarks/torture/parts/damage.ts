// Every file of a run, cut off at every byte of its head and at a thousand others, and with single bits flipped: what loads is what was
// saved, or the damage is reported. Nothing is silent, nothing crashes.

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random, type StateDict, UnrolledError } from 'unrolled';
import { RunFolder } from '../../../packages/cli/src/run-folder.ts';
import { filesBelow } from '../../../packages/cli/src/run-folder/contained.ts';
import type { Part, Row } from '../part.ts';

export const part: Part = {
  name: 'damage',
  about: 'every file of a run cut off and with bits flipped',
  run: (long) => damage(long ? 1000 : 20, long ? 10_000 : 500),
};

const config = { format: 'unrolled run', version: 1, task: 'text', model: { hiddenSize: 8 }, note: 'x'.repeat(200) };
const vocabulary = { symbols: Array.from('abcdefghijklmnopqrstuvwxyz') };

function tensors(step: number): StateDict {
  const data = Float32Array.from({ length: 400 }, (_, i) => Math.sin(step * 1000 + i));
  return new Map([
    ['weight_ih_l0', { dtype: 'float32', shape: [20, 20], data }],
    ['bias', { dtype: 'float32', shape: [400], data: data.map((x) => x * x) }],
  ]);
}

/** What of a run is seen by whoever uses it. */
async function seen(path: string): Promise<{ readonly text: string; readonly notice: string | null }> {
  const files = { ...filesBelow(path), fsync: () => {} };
  const folder = await RunFolder.open(path, { files });
  const parts: unknown[] = [];
  let notice: string | null = null;
  for (const which of ['last', 'best'] as const) {
    const loaded = await folder.loadCheckpoint(which);
    notice ??= loaded?.notice ?? null;
    parts.push(
      loaded && { ...loaded, notice: null, model: Array.from(loaded.model), training: Array.from(loaded.training) },
    );
  }
  return { text: JSON.stringify([folder.config, folder.vocabulary, folder.readMetrics(), parts], plain), notice };
}

const plain = (_: string, value: unknown) => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);

async function damage(offsets: number, flips: number): Promise<Row[]> {
  const parent = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'unrolled-damage-')));
  const path = join(parent, 'run');
  try {
    const files = { ...filesBelow(parent), fsync: () => {} };
    const folder = await RunFolder.create(path, { config, vocabulary }, { files });
    for (const step of [1, 2, 3]) {
      await folder.appendMetrics({ step, loss: 1 / step });
      await folder.saveCheckpoint({
        step,
        best: step === 2,
        model: tensors(step),
        training: tensors(-step),
        state: { step, lr: 0.1 },
      });
    }
    await folder.close();
    const whole = (await seen(path)).text;
    // model.safetensors and index.json are copies for others: no command reads them, and index.json has the hashes of what it names.
    const names = fs
      .readdirSync(path, { recursive: true })
      .map(String)
      .filter(
        (name) => fs.statSync(join(path, name)).isFile() && name !== 'model.safetensors' && name !== 'index.json',
      );
    const random = new Random(41);
    const counts = { cuts: 0, flips: 0, silent: 0, crashes: 0, slowest: 0 };
    const first: string[] = [];
    const attempt = async (what: string): Promise<void> => {
      const start = performance.now();
      try {
        const { text, notice } = await seen(path);
        if (text !== whole && notice === null) {
          counts.silent++;
          first.push(what);
        }
      } catch (error) {
        if (!(error instanceof UnrolledError)) {
          counts.crashes++;
          first.push(`${what}: ${(error as Error).stack ?? String(error)}`);
        }
      }
      counts.slowest = Math.max(counts.slowest, performance.now() - start);
    };
    for (const name of names) {
      const file = join(path, name);
      const bytes = fs.readFileSync(file);
      const head = Math.min(bytes.length, offsets >= 1000 ? 512 : 40);
      const cuts = [...Array(head).keys(), ...Array.from({ length: offsets }, () => random.integer(bytes.length))];
      for (const cut of cuts) {
        counts.cuts++;
        fs.writeFileSync(file, bytes.subarray(0, cut));
        await attempt(`${name} cut at ${cut}`);
      }
      for (let k = 0; k < Math.ceil(flips / names.length); k++) {
        counts.flips++;
        const flipped = Uint8Array.from(bytes);
        const bit = random.integer(bytes.length * 8);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        fs.writeFileSync(file, flipped);
        await attempt(`${name}, bit ${bit}`);
      }
      fs.rmSync(file);
      await attempt(`${name} removed`);
      fs.writeFileSync(file, bytes);
    }
    for (const line of first.slice(0, 10)) process.stderr.write(`${line}\n`);
    const row = (bar: string, wanted: string, measured: string, met: boolean): Row => ({ bar, wanted, measured, met });
    return [
      row(
        `K4 silent among ${counts.cuts} cuts and ${counts.flips} flips of ${names.length} files`,
        '0',
        String(counts.silent),
        counts.silent === 0,
      ),
      row('K4 errors without a type', '0', String(counts.crashes), counts.crashes === 0),
      row('K4 the slowest answer', '≤ 1 s', `${counts.slowest.toFixed(0)} ms`, counts.slowest <= 1000),
    ];
  } finally {
    fs.rmSync(parent, { recursive: true, force: true });
  }
}
