// A text of a batch is, to the last byte, what `generate` writes alone, whoever else is in the batch and whenever they come and go.

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KernelBackend } from '../backend/kernel/kernel-backend.ts';
import { loadWasmSync } from '../backend/kernel/wasm.ts';
import { currentBackend, useBackend } from '../backend/load.ts';
import { Random } from '../random.ts';
import type { BatchedPiece, BatchedTextOptions, TextBatch } from './text-batch.ts';
import type { TextGenerationPipeline } from './text-generation.ts';
import type { BatchedText } from './text-row.ts';
import { textGeneration } from './tasks.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));

interface Written {
  text: string;
  readonly ids: number[];
  reason?: string;
  state?: Uint8Array | null;
}

/** What a session writes alone. */
async function alone(
  writer: TextGenerationPipeline,
  request: BatchedTextOptions & { prompt: string },
): Promise<Written> {
  const { prompt, seed, state, keepState, logprobs: _, ...options } = request;
  const session = state ? writer.resume(state) : writer.session({ seed });
  session.push(prompt);
  const written: Written = { text: '', ids: [] };
  let count = 0;
  for await (const piece of session.generate(options)) {
    written.text += piece.text;
    if (count++ < (options.maxTokens ?? 200)) written.ids.push(piece.id);
  }
  written.state = keepState ? session.state() : null;
  session.close();
  return written;
}

/** Requests of many kinds, from a seed. */
function requests(name: string, count: number, seed: number): (BatchedTextOptions & { prompt: string })[] {
  const random = new Random(seed);
  const korean = name === 'text-gru-tied';
  const prompts = korean
    ? ['', '나', '나는 물', '너는 책을 읽', '우리는 밥을 먹 🙂 '.repeat(6)]
    : ['', 't', 'the ', 'a dog sees the cat and ', 'the old house was '.repeat(6)];
  const stops = korean
    ? [null, null, '는 ', ['🙂\n', '을', '다.'], [], '']
    : [null, null, ' the', ['dd', 'n ', 'og'], [], ''];
  return Array.from({ length: count }, (_, n) => ({
    prompt: prompts[random.integer(prompts.length)],
    seed: n,
    maxTokens: [0, 1, 12, 31][random.integer(4)],
    temperature: [0.5, 1, 1.4][random.integer(3)],
    topK: [0, 3][random.integer(2)],
    topP: [1, 0.8][random.integer(2)],
    greedy: random.integer(6) === 0,
    stop: stops[random.integer(stops.length)],
    keepState: random.integer(2) === 0,
  }));
}

function take(written: Map<BatchedText, Written>, { of, text, id, finish, error }: BatchedPiece): void {
  expect(error).toBe(null);
  const one = written.get(of) as Written;
  one.text += text;
  if (id !== null) one.ids.push(id);
  if (finish) [one.reason, one.state] = [finish.reason, finish.state];
}

/** Writes all of the requests in a batch of at most `rows`: they come in their order, when there is room and chance says so. */
function together(batch: TextBatch, all: readonly BatchedTextOptions[], seed: number): Written[] {
  const random = new Random(seed);
  const written = new Map<BatchedText, Written>();
  const texts: BatchedText[] = [];
  const held: BatchedText[] = [];
  while (texts.length < all.length || batch.size > 0) {
    while (texts.length < all.length && batch.size < batch.capacity && random.integer(3) > 0) {
      const text = batch.add(all[texts.length]);
      texts.push(text);
      written.set(text, { text: '', ids: [] });
    }
    const chosen = texts[random.integer(Math.max(texts.length, 1))];
    if (chosen && written.get(chosen)?.reason === undefined && random.integer(4) === 0 && !held.includes(chosen)) {
      batch.hold(chosen);
      held.push(chosen);
    }
    if (held.length > 2 || batch.writing + batch.reading === 0) for (const text of held.splice(0)) batch.release(text);
    for (const piece of batch.write()) take(written, piece);
    for (let n = random.integer(4); n > 0; n--) batch.read();
  }
  return texts.map((text) => written.get(text) as Written);
}

const bytes = ({ text, ids, state }: Written) => ({ text, ids, state: state && Buffer.from(state).toString('hex') });

describe.each(['text-lstm', 'text-gru-tied', 'text-mingru'])('%s', (name) => {
  test('texts that come and go are those that are written alone', async () => {
    const writer = await textGeneration(folder(name));
    for (const rows of [1, 5, 40]) {
      const all = requests(name, rows === 40 && name !== 'text-mingru' ? 60 : 12, rows);
      const batch = writer.batch({ rows });
      const found = together(batch, all, 7 * rows);
      expect(batch.size).toBe(0);
      for (const [n, request] of all.entries()) {
        const expected = await alone(writer, request);
        expect([n, bytes(found[n])]).toEqual([n, bytes(expected)]);
        const stopped = expected.ids.length < (request.maxTokens as number);
        if (stopped) expect(found[n].reason).toBe('stop');
      }
      if (all.length === 60) expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['stop', 'length']));
      batch.close();
    }
  });

  test('a state continues in a batch as in a session, with its sampling or another seed', async () => {
    const writer = await textGeneration(folder(name));
    const [start, ...prompts] = name === 'text-gru-tied' ? ['나는 ', '', '물', '책을 읽'] : ['the ', '', 'a', 'a dog '];
    const first = await alone(writer, { prompt: start, seed: 3, maxTokens: 9, keepState: true });
    const state = first.state as Uint8Array;
    const more = prompts.map((prompt) => ({ prompt, state, maxTokens: 14, keepState: true }));
    const batch = writer.batch({ rows: 4 });
    const found = together(batch, more, 1);
    for (const [n, request] of more.entries()) expect(bytes(found[n])).toEqual(bytes(await alone(writer, request)));
    const branches = together(
      batch,
      [4, 5, 4].map((seed) => ({ state, seed, maxTokens: 14 })),
      2,
    );
    expect(branches[0].text).toBe(branches[2].text);
    expect(branches[0].text).not.toBe(branches[1].text);
    batch.close();
  });
});

describe('a batch', () => {
  test('reports log-probabilities of the distribution at temperature 1, the most probable first', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const batch = writer.batch();
    const text = batch.add({ prompt: 'the ', seed: 1, maxTokens: 6, temperature: 0.5, logprobs: 4 });
    while (batch.read() > 0);
    const pieces = Array.from({ length: 6 }, () => batch.write()[0]);
    expect(pieces.at(-1)?.finish).toEqual({ reason: 'length', state: null });
    expect(text.count).toBe(6);
    const stepper = writer.stepper();
    let logits = new Float32Array(0);
    for (const id of writer.vocabulary.encode('the ')) logits = stepper.step(id).slice();
    for (const { id, scores } of pieces) {
      const total = logits.reduce((sum, y) => sum + Math.exp(y), 0);
      const p = Array.from(logits, (y) => y - Math.log(total));
      expect(scores?.id).toBe(id);
      expect(scores?.logprob).toBeCloseTo(p[id as number], 5);
      const best = Array.from(p.keys())
        .sort((a, b) => p[b] - p[a] || a - b)
        .slice(0, 4);
      expect(scores?.top.map((one) => one.id)).toEqual(best);
      for (const one of scores?.top ?? []) expect(one.logprob).toBeCloseTo(p[one.id], 5);
      logits = stepper.step(id as number).slice();
    }
    stepper.dispose();
    batch.close();
  });

  test('a text that is taken out leaves the others as they were', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const batch = writer.batch({ rows: 3 });
    const [a, b, c] = [1, 2, 3].map((seed) => batch.add({ prompt: 'the cat ', seed, maxTokens: 10 }));
    const written = new Map([a, b, c].map((text) => [text, { text: '', ids: [] as number[] }]));
    for (let n = 0; n < 9; n++) batch.read();
    for (const piece of batch.write()) take(written, piece);
    const other = writer.batch();
    for (const text of [b, c]) other.remove(text); // it has none of these
    for (const text of [b, c]) other.hold(text);
    other.close();
    batch.remove(a);
    batch.remove(a);
    const d = batch.add({ prompt: 'the cat ', seed: 4, maxTokens: 10 });
    written.set(d, { text: '', ids: [] });
    while (batch.size > 0) {
      for (const piece of batch.write()) take(written, piece);
      batch.read();
    }
    for (const [text, seed] of [
      [b, 2],
      [c, 3],
      [d, 4],
    ] as const) {
      const expected = await alone(writer, { prompt: 'the cat ', seed, maxTokens: 10 });
      expect(written.get(text)?.text).toBe(expected.text);
    }
    batch.close();
  });

  test('refuses what it cannot take, and is unchanged', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const other = await textGeneration(folder('text-gru-tied'));
    const batch = writer.batch({ rows: 1 });
    const foreign = other.session({ prompt: '나는 ' }).state();
    expect(() => batch.add({ prompt: [0, 999] })).toThrow('symbol 1: expected 0 to');
    expect(() => batch.add({ prompt: 'Ω' })).toThrow('unknown symbol');
    expect(() => batch.add({ logprobs: 21 })).toThrow('expected at most 20, got 21');
    expect(() => batch.add({ state: foreign })).toThrow('another model');
    expect(() => batch.add({ maxTokens: -1 })).toThrow('maxTokens');
    expect(() => batch.add({ stop: [1] as never })).toThrow('stop');
    expect(() => batch.add({ stops: 'a' } as never)).toThrow('did you mean stop?');
    expect(() => writer.batch({ rows: 0 })).toThrow('expected a whole number from 1, got 0');
    expect(batch.size).toBe(0);
    batch.add({ prompt: 'the ' });
    expect(() => batch.add({ prompt: 'the ' })).toThrow('the batch has its 1 texts');
    batch.close();
  });

  test('frees what it held', async () => {
    const before = currentBackend();
    const [kernels, heap] = loadWasmSync({ shared: false, threads: 1 });
    await useBackend(new KernelBackend(kernels, heap));
    try {
      for (const name of ['text-lstm', 'text-mingru']) {
        const writer = await textGeneration(folder(name));
        const use = () => {
          const batch = writer.batch();
          for (let n = 0; n < 20; n++) batch.add({ prompt: 'the ', seed: n, maxTokens: 5 });
          while (batch.read() > 0 || batch.writing > 0) batch.write();
          batch.close();
        };
        use();
        const { live } = heap.statistics;
        for (let n = 0; n < 10; n++) use();
        expect(heap.statistics.live).toBeLessThanOrEqual(live);
      }
    } finally {
      await useBackend(before);
    }
  });
});

describe('embeddings', () => {
  test('are the output of the recurrent layers after the last symbol, or its mean; the others change nothing', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const texts = ['', 'a', 'the dog ', 'the old cat sees the dog '.repeat(7), 'the '];
    for (const pooling of ['last', 'mean'] as const) {
      const all = await writer.embed(texts, { pooling, batchSize: 3 });
      for (const [n, text] of texts.entries()) {
        const [one] = await writer.embed(text, { pooling });
        expect(all[n]).toEqual(one);
        const session = writer.session();
        const outputs: Float32Array[] = [];
        for (const symbol of text) {
          session.push(symbol);
          const { readSafetensors } = await import('../io/safetensors.ts');
          const { tensors } = readSafetensors(session.state());
          outputs.push(tensors.get('0000')?.data as Float32Array); // h of its one layer
        }
        const H = one.length;
        const expected = Array.from({ length: H }, (_, j) =>
          pooling === 'last' || outputs.length === 0
            ? (outputs.at(-1)?.[j] ?? 0)
            : outputs.reduce((sum, h) => sum + h[j], 0) / outputs.length,
        );
        for (let j = 0; j < H; j++) expect(one[j]).toBeCloseTo(expected[j], 6);
      }
    }
    expect(await writer.embed([])).toEqual([]);
    await expect(writer.embed(['a', [999]])).rejects.toThrow('symbol 0: expected 0 to');
    await expect(writer.embed('a', { pooling: 'max' as never })).rejects.toThrow('pooling');
  });
});
