// The engine in this thread: every answer is the pipeline's own, to the byte, whoever else is asking.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRun, Random } from 'unrolled';
import { readSafetensors, writeSafetensors } from 'unrolled/io';
import {
  type FrameClassificationPipeline,
  type TextGenerationPipeline,
  textGeneration,
  type TranslationPipeline,
} from 'unrolled/pipelines';
import { runPath as folder } from '../../../../test/server/served.ts';
import { problem, written, writtenAlone } from '../../../../test/server/written.ts';
import { callTask } from './compute/tasks.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, GenerateRequest } from './engine.ts';
import { limitsOf } from './limits.ts';

const image = () => new Uint8Array(readFileSync(folder('inputs/red-left-0.png')));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let engine: Engine;
let writer: TextGenerationPipeline;
beforeAll(async () => {
  const served = [
    'text-lstm',
    'text-mingru',
    'classify',
    'tag',
    'tag-forwards',
    'translate-attention',
    'caption-soft',
    'vqa-map',
    'video-clip',
    'video-frame',
    'forecast',
  ];
  engine = await createEngine({
    runs: [...served.map(folder), `한국어=${folder('text-gru-tied')}`],
    workers: 0,
    maxRows: 24,
  });
  writer = await textGeneration(folder('text-lstm'));
});
afterAll(() => engine.close());
const alone = (request: GenerateRequest) => writtenAlone(writer, request);

describe('texts', () => {
  test('of 60 requests at the same time are those that are written alone', async () => {
    const random = new Random(8);
    const requests = Array.from(
      { length: 60 },
      (_, seed): GenerateRequest => ({
        model: 'text-lstm',
        prompt: ['', 'the ', 'a dog sees the cat. '.repeat(9)][random.integer(3)],
        seed,
        maxTokens: 1 + random.integer(40),
        temperature: [0.4, 1, 1.3][random.integer(3)],
        ...(random.integer(2) ? { topK: 4, minP: 0.1 } : { topP: 0.9 }),
        stop: random.integer(2) ? [' the', 'og'] : undefined,
      }),
    );
    const found = await Promise.all(requests.map((request) => written(engine.generate(request))));
    for (const [n, request] of requests.entries()) {
      expect([n, found[n].text]).toEqual([n, await alone(request)]);
      const { finish, ids } = found[n];
      expect(finish?.promptTokens).toBe(request.prompt.length);
      expect(finish?.completionTokens).toBe(ids.length);
      if (finish?.reason === 'length') expect(ids.length).toBe(request.maxTokens);
    }
    expect(new Set(found.map(({ finish }) => finish?.reason))).toEqual(new Set(['stop', 'length']));
  });

  test('temperature 0 takes the most probable symbol', async () => {
    const request = { model: 'text-lstm', prompt: 'the ', maxTokens: 30 };
    const { text } = await written(engine.generate({ ...request, temperature: 0 }));
    let expected = '';
    for await (const piece of writer.generate('the ', { maxTokens: 30, greedy: true })) expected += piece.text;
    expect(text).toBe(expected);
  });

  test('what the model does not know is left out and listed', async () => {
    const { text, finish } = await written(
      engine.generate({ model: 'text-lstm', prompt: 'Жthe ЖZ', seed: 4, maxTokens: 20 }),
    );
    expect(finish?.unknown).toEqual(['Ж', 'Z']);
    expect(finish?.promptTokens).toBe(4);
    expect(text).toBe(await alone({ model: '', prompt: 'the ', seed: 4, maxTokens: 20 }));
    const korean = await written(engine.generate({ model: '한국어', prompt: 'nothing known', seed: 1, maxTokens: 3 }));
    expect(korean.finish?.promptTokens).toBe(1); // the space
  });

  test('continue from their states as one text, branch, and are refused by another model', async () => {
    const request = { model: 'text-lstm', prompt: 'the ', seed: 5 };
    const whole = await written(engine.generate({ ...request, maxTokens: 40 }));
    const first = await written(engine.generate({ ...request, maxTokens: 15, wantState: true }));
    const state = first.finish?.state as Uint8Array;
    const rest = await written(
      engine.generate({ model: 'text-lstm', prompt: '', state, maxTokens: 25, wantState: true }),
    );
    expect(first.text + rest.text).toBe(whole.text);
    const session = writer.resume(state);
    for await (const _ of session.generate({ maxTokens: 25 }));
    expect(rest.finish?.state).toEqual(session.state());
    session.close();
    const branch = await written(engine.generate({ model: 'text-lstm', prompt: '', state, seed: 77, maxTokens: 25 }));
    expect(branch.text).not.toBe(rest.text);
    const other = await problem(written(engine.generate({ model: 'text-mingru', prompt: '', state })));
    expect(other).toMatchObject({ problem: 'state', param: 'state' });
    for (const wrong of [state.subarray(5), new Uint8Array(0), state.map((byte, i) => (i === 20 ? byte ^ 1 : byte))])
      expect(await problem(written(engine.generate({ model: 'text-lstm', prompt: '', state: wrong })))).toMatchObject({
        problem: 'state',
      });
    expect(
      await problem(written(engine.generate({ model: 'text-lstm', prompt: '', state: new Uint8Array(1e6) }))),
    ).toMatchObject({ problem: 'state', message: expect.stringContaining('at most') });
  });

  test('log-probabilities name their symbols', async () => {
    const { pieces } = await written(
      engine.generate({ model: 'text-lstm', prompt: 'the ', seed: 1, maxTokens: 5, logprobs: 3 }),
    );
    expect(pieces.length).toBe(5);
    for (const { text, logprobs } of pieces) {
      expect(logprobs?.[0].text).toBe(text);
      expect(logprobs?.[0].top.length).toBe(3);
      const [a, b, c] = (logprobs?.[0].top ?? []).map(({ logprob }) => logprob);
      expect(a >= b && b >= c && a < 0).toBe(true);
    }
  });

  test('have embeddings, which are those of the pipeline', async () => {
    const input = ['the dog', '', [3, 4, 5], 'Жa'];
    for (const pooling of ['last', 'mean'] as const) {
      const found = await engine.embed({ model: 'text-lstm', input, pooling });
      expect(found.embeddings).toEqual(await writer.embed(['the dog', '', [3, 4, 5], 'a'], { pooling }));
      expect([found.tokens, found.unknown]).toEqual([11, ['Ж']]);
    }
  });
});

describe('calls of tasks', () => {
  const clip = { frames: Array.from({ length: 6 }, () => image()) };
  const columns = { columns: {} as Record<string, number[]>, known: {} as Record<string, number[]> };
  const cases: [model: string, inputs: unknown[], options?: object][] = [
    ['classify', ['a good film', 'bad', '', 'the film was not good'], { topK: 1 }],
    ['tag', ['the dog sees', ['a', 'cat'], '']],
    ['translate-attention', ['one two', 'three'], { beams: 3, nBest: 2 }],
    ['caption-soft', [{ bytes: image() }, { bytes: image() }]],
    ['vqa-map', [{ image: { bytes: image() }, question: 'what color is it' }], { topK: 2, attention: true }],
    ['video-clip', [{ frames: clip.frames.map((bytes) => ({ bytes })) }]],
    ['video-frame', [{ frames: clip.frames.map((bytes) => ({ bytes })) }]],
    ['forecast', [columns]],
  ];

  test.each(cases)('%s: answers together are those of the pipeline alone', async (model, inputs, options) => {
    const run = await openRun(folder(model));
    const task = run.task;
    if (run.task === 'time-series-forecasting') {
      const { length, horizon, known } = run.input;
      const wave = (k: number, rows: number) => Array.from({ length: rows }, (_, t) => Math.sin(t + k));
      for (const [k, name] of run.input.columns.entries()) columns.columns[name] = wave(k, length + 3);
      for (const [k, name] of known.entries()) columns.known[name] = wave(k, length + 3 + horizon);
    }
    const call = (some: unknown[]) => engine.call({ model, task, inputs: some, options: { ...options } });
    const together = await Promise.all([...inputs.map((one) => call([one])), call(inputs), call([])]);
    const answers = together.slice(0, inputs.length).flatMap(({ outputs }) => outputs);
    expect(together.at(-2)?.outputs).toEqual(answers);
    expect(together.at(-1)?.outputs).toEqual([]);
    const rest: Record<string, number> = Object.fromEntries(
      Object.entries(options ?? {}).filter(([name]) => name !== 'attention'),
    );
    const files = inputs.map((one) => (Object(one).bytes ?? one) as never);
    let expected: unknown[] = [];
    if (run.task === 'translation') expected = await run.translate(files, rest);
    else if (run.task === 'image-to-text') expected = await run.caption(files, rest);
    else if (run.task === 'time-series-forecasting') expected = await run.forecast(files);
    else if (run.task === 'visual-question-answering') {
      const question = { image: image(), question: 'what color is it' };
      const map = await run.attention(question.image, question.question);
      expected = (await run.predict([question], rest)).map((one) => ({ ...one, attention: map }));
    } else if (run.task === 'video-classification') expected = await run.predict(clip, rest);
    else if (run.task === 'text-classification' || run.task === 'token-classification')
      expected = await run.predict(files, rest);
    expect(answers).toEqual(expected);
    expect(JSON.parse(JSON.stringify(answers))).toEqual(answers); // plain JSON
  });

  test('one that fails does not fail those that are answered with it', async () => {
    const call = (inputs: unknown[]) => engine.call({ model: 'classify', task: 'text-classification', inputs });
    const [a, b, c] = await Promise.allSettled([call(['good']), call([7]), call(['bad'])]);
    expect([a.status, c.status]).toEqual(['fulfilled', 'fulfilled']);
    expect((b as PromiseRejectedResult).reason).toMatchObject({ name: 'OptionError', code: 'option' });
    expect((b as PromiseRejectedResult).reason.message).toContain('text 0: expected a string, got 7');
  });

  test('one with many inputs does not keep one with few waiting, and its answers are those of its inputs', async () => {
    const texts = Array.from({ length: 200 }, (_, n) => `${n % 2 ? 'good' : 'bad'} film ${'very '.repeat(n % 7)}`);
    const call = (inputs: unknown[]) => engine.call({ model: 'classify', task: 'text-classification', inputs });
    const ended: string[] = [];
    const long = call(texts).finally(() => ended.push('long'));
    const short = call(['good']).finally(() => ended.push('short'));
    const alone = await Promise.all(texts.slice(60, 70).map((text) => call([text])));
    await short;
    expect((await long).outputs.length).toBe(200);
    expect(ended).toEqual(['short', 'long']);
    expect((await long).outputs.slice(60, 70)).toEqual(alone.flatMap(({ outputs }) => outputs));
  });

  test('a sequence in pieces is the whole one', async () => {
    const run = await openRun(folder('tag-forwards'));
    if (run.task !== 'token-classification') throw new Error(run.task);
    const tokens = ['the', 'dog', 'sees', 'a', 'cat'];
    const session = run.session();
    const expected = session.push(tokens);
    session.close();
    const found: unknown[] = [];
    let state: Uint8Array | undefined;
    for (const part of [tokens.slice(0, 2), tokens.slice(2, 3), 'a cat']) {
      const answer = await engine.call({
        model: 'tag-forwards',
        task: 'token-classification',
        inputs: [part],
        state,
        wantState: true,
      });
      state = answer.state;
      found.push(...(answer.outputs[0] as { tokens: unknown[] }).tokens);
    }
    expect(found).toEqual(expected);
    const whole = { model: 'tag', task: 'token-classification' as const, inputs: [['a']], wantState: true };
    expect((await problem(engine.call(whole))).message).toContain('bidirectional');
  });

  test('answers grow: a translation token by token, the labels of frames, and a clip goes on from its state', async () => {
    const text = (await openRun(folder('translate-attention'))) as TranslationPipeline;
    const expected: unknown[] = [];
    for await (const piece of text.stream('one two')) expected.push(piece);
    const streamed = await all('translate-attention', 'translation', 'one two');
    expect(streamed.pieces).toEqual(expected);
    expect(streamed.done?.outputs).toEqual([
      { text: expected.map((piece) => (piece as { text: string }).text).join('') },
    ]);

    const frames = (await openRun(folder('video-frame'))) as FrameClassificationPipeline;
    if (!frames.streams) throw new Error('the run of this test reads in both directions');
    const session = frames.session();
    const labels = await session.push(clip.frames);
    session.close();
    const given = clip.frames.map((bytes) => ({ bytes }));
    const first = await all('video-frame', 'video-classification', { frames: given.slice(0, 4) }, { wantState: true });
    const second = await all('video-frame', 'video-classification', { frames: given.slice(4) }, first.done);
    expect([...first.pieces, ...second.pieces]).toEqual(labels);
    expect(second.done?.outputs[0]).toMatchObject({ position: 6 });
    const at = { model: 'classify', task: 'text-classification' as const, inputs: ['a'] };
    expect((await problem(collect(engine.stream(at)))).message).toContain('answers at once');
  });

  async function collect<T>(pieces: AsyncIterable<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const piece of pieces) found.push(piece);
    return found;
  }

  async function all(
    model: string,
    task: 'translation' | 'video-classification',
    input: unknown,
    { state, wantState }: { state?: Uint8Array; wantState?: boolean } = {},
  ) {
    const found = await collect(engine.stream({ model, task, inputs: [input], state, wantState }));
    const pieces = found.flatMap((one) => ('piece' in one ? [one.piece] : []));
    const last = found.at(-1);
    return { pieces, done: last && 'done' in last ? last.done : undefined };
  }
});

describe('a run that was trained on', () => {
  let copy: string;
  beforeAll(() => {
    copy = join(mkdtempSync(join(tmpdir(), 'unrolled-reload-')), 'run');
    const weights = 'checkpoints/000005-step-60-best/model.safetensors';
    for (const file of ['config.json', 'vocabulary.json']) cpSync(join(folder('text-lstm'), file), join(copy, file));
    cpSync(join(folder('text-lstm'), weights), join(copy, 'model.safetensors'));
  });
  afterAll(() => rmSync(join(copy, '..'), { recursive: true }));

  test('is served when it is reloaded; what runs ends on the old weights, and states are of those they are of', async () => {
    const small = await createEngine({ runs: { writer: copy }, workers: 0, maxRows: 1 });
    const [before] = small.models();
    expect(await small.reload()).toEqual([]);
    const request = { model: 'writer', prompt: 'the ', seed: 2, maxTokens: 80, wantState: true };
    const running = written(small.generate(request));
    const waiting = written(small.generate(request));
    await pause(0);
    const path = join(copy, 'model.safetensors');
    const { tensors, metadata } = readSafetensors(new Uint8Array(readFileSync(path)));
    for (const { data } of tensors.values()) (data as Float32Array).forEach((w, i, all) => (all[i] = 0.7 * w));
    writeFileSync(path, writeSafetensors(tensors as never, metadata));
    expect(await small.reload('writer')).toEqual(['writer']);
    const [after] = small.models();
    expect(after.hash).not.toBe(before.hash);
    const changed = await written(small.generate(request));
    const [a, b] = [await running, await waiting];
    expect(a.text).toBe(await alone(request));
    expect(b.text).toBe(a.text);
    expect(changed.text).not.toBe(a.text);
    const { state } = a.finish as { state: Uint8Array };
    expect(await problem(written(small.generate({ ...request, state })))).toMatchObject({ problem: 'state' });
    writeFileSync(path, 'nothing');
    await expect(small.reload()).rejects.toMatchObject({ name: 'RunError' });
    expect(small.ready()).toBe(true);
    expect((await written(small.generate(request))).text).toBe(changed.text);
    expect(await problem(small.reload('reader'))).toMatchObject({ problem: 'model' });
    await small.close();
  });
});

test('runs have names of their own, and options are checked', async () => {
  const at = folder('text-lstm');
  const refused = async (options: object) =>
    (await problem(createEngine({ runs: [at], workers: 0, ...options }))).message;
  expect(await refused({ runs: [] })).toContain('at least one run');
  expect(await refused({ runs: [at, `${at}/`] })).toContain('two runs are called "text-lstm"');
  expect(await refused({ runs: { 'a\nb': at } })).toContain('is no name of a model');
  expect(await refused({ runs: [`${at}-missing`] })).toContain('text-lstm-missing');
  expect(await refused({ maxRow: 3 })).toContain('did you mean maxRows?');
  expect(await refused({ maxRows: 0 })).toContain('maxRows');
  expect(await refused({ workers: 1.5 })).toContain('workers');
  expect(await refused({ limits: { maxToken: 3 } })).toContain('unknown limit');
  expect(await refused({ limits: { maxTokens: 0 } })).toContain('limits.maxTokens');
  const named = await createEngine({ runs: [`a=${at}`, at], workers: 0 });
  expect(named.models().map(({ id }) => id)).toEqual(['a', 'text-lstm']);
  const [{ task, info, parameters, created, hash }] = named.models();
  expect([task, hash.length]).toEqual(['text-generation', 64]);
  expect(parameters).toBe(writer.model.parameters().reduce((sum, { size }) => sum + size, 0));
  expect(info).toMatchObject({ vocabularySize: 24, hiddenSize: 12, cell: 'gru', step: 60 });
  expect(created).toBeGreaterThan(1.7e9);
  await named.close();
});

test('attention maps that nobody waits for any more are not computed', async () => {
  const pipeline = await openRun(folder('vqa-map'));
  const inputs = Array.from({ length: 4 }, () => ({ image: { bytes: image() }, question: 'what color is it' }));
  let asked = 0;
  const signal = {
    get aborted() {
      return asked++ > 0; // after the answers
    },
  };
  const request = { model: 'vqa-map', task: pipeline.task, inputs, options: { attention: true } };
  await expect(callTask(pipeline, request, limitsOf(), signal)).rejects.toMatchObject({ problem: 'aborted' });
  expect(asked).toBe(2);
});
