// The same small training run for every host: a page, its worker, Node. It takes the library as an argument, so that each host brings the
// build it is about, and tells what must not depend on the host (the bits of the weights) and what must stay still (the memory).

import type { Backend, CellName } from 'unrolled';

export type Library = typeof import('unrolled') & Pick<typeof import('unrolled/data'), 'StreamBatcher'>;

interface Statistics {
  readonly live: number;
}

export interface Run {
  /** Of the bytes of all weights after the last step. */
  readonly sha256: string;
  /** Of every step. */
  readonly losses: number[];
  readonly backend: string;
  readonly simd: string;
  readonly threads: number;
  /** Heap statistics after the 20th step and after the last one; null on a backend without a heap. */
  readonly memory: [early: Statistics, late: Statistics] | null;
}

const symbols = 29;

/** Two waves of periods that share no factor, so that the next symbol follows from some that came before it. */
function text(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => ((i % 7) * (i % 12) + (i % 3)) % symbols);
}

/** Some steps of a two-layer character model with Adam and clipping, on the current backend. No size is a multiple of a vector. */
export async function train(library: Library, cell: CellName, steps = 60): Promise<Run> {
  const { Adam, currentBackend, LanguageModel, languageTask, manualSeed, StreamBatcher, Trainer } = library;
  manualSeed(1);
  const backend = currentBackend();
  const model = new LanguageModel(symbols, { cell, hiddenSize: 71, embeddingDim: 37, dropout: 0.1 });
  // Of the least length at which two threads share the steps of every cell; an epoch ends halfway.
  const data = new StreamBatcher(text(8_000), { streams: 19, windowLength: 12 });
  const optimizer = new Adam(model.parameters(), { lr: 5e-3 });
  const trainer = new Trainer(languageTask(model, { train: data }), { optimizer, steps, clipNorm: 1 });
  const losses: number[] = [];
  let early = statistics(backend);
  for await (const event of trainer.run()) {
    if (event.type !== 'step') continue;
    losses.push(event.loss);
    if (event.step === 20) early = statistics(backend);
  }
  const late = statistics(backend);
  const { simd, threads } = backend.describe();
  const memory: Run['memory'] = early && late ? [early, late] : null;
  const sha256 = await digest(Array.from(model.stateDict().values(), ({ data: values }) => values));
  return { sha256, losses, backend: backend.name, simd, threads, memory };
}

const statistics = (backend: Backend): Statistics | null =>
  'memory' in backend ? { ...(backend.memory as Statistics) } : null;

/** Whether the memory stood still. What a run before left behind may have been freed meanwhile, so a little less may be in use. */
export function stoodStill([early, late]: readonly [Statistics, Statistics]): boolean {
  return JSON.stringify({ ...late, live: Math.max(late.live, early.live) }) === JSON.stringify(early);
}

async function digest(arrays: readonly ArrayBufferView[]): Promise<string> {
  const bytes = new Uint8Array(arrays.reduce((n, array) => n + array.byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
