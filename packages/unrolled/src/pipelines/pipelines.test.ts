// What a pipeline promises besides its answers: streams and sessions, cancelling, memory, and refusals that say what to do.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { filesIn, fileList, indexed, serveRuns, zipOf } from '../../../../test/run-sources.ts';
import { KernelBackend } from '../backend/kernel/kernel-backend.ts';
import { currentBackend, useBackend } from '../backend/load.ts';
import { loadWasmSync } from '../backend/kernel/wasm.ts';
import { AbortError } from '../errors.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { globalRandom, manualSeed } from '../tensor/random-state.ts';
import { openRun } from './open-run.ts';
import { RunError } from './run-error.ts';
import { imageToText, textClassification, textGeneration, tokenClassification, translation } from './tasks.ts';
import { takeApart } from './token-classification.ts';
import type { BatchedTokenPiece, TokenPiece } from './token-stream.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));
const image = () => new Uint8Array(readFileSync(folder('inputs/red-left-0.png')));

async function problem(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was refused');
}

/**
 * What `use` of a run that is opened on a heap of its own leaves behind, in bytes, when it is done twenty times: at most 0, where everything is freed.
 * (Less than 0: the collector has freed what opening made.)
 */
async function leftBehind<P>(open: () => Promise<P>, use: (run: P) => Promise<unknown>): Promise<number> {
  const before = currentBackend();
  const [kernels, heap] = loadWasmSync({ shared: false, threads: 1 });
  await useBackend(new KernelBackend(kernels, heap));
  try {
    const run = await open();
    await use(run);
    const live = heap.statistics.live;
    for (let n = 0; n < 20; n++) await use(run);
    return heap.statistics.live - live;
  } finally {
    await useBackend(before);
  }
}

async function text(pieces: AsyncIterable<{ readonly text: string }>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece.text;
  return all;
}

describe('text generation', () => {
  test('a session continues, branches and rewinds to the same text', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const whole = await text(writer.generate('the ', { maxTokens: 40, seed: 5 }));
    const session = writer.session({ prompt: 'the ', seed: 5 });
    const first = await text(session.generate({ maxTokens: 15 }));
    const state = session.state();
    const rest = await text(session.generate({ maxTokens: 25 }));
    expect(first + rest).toBe(whole);
    for (let branch = 0; branch < 2; branch++) {
      const again = writer.resume(state);
      expect(again.position).toBe(4 + 15);
      expect(await text(again.generate({ maxTokens: 25 }))).toBe(rest);
      again.close();
    }
    session.close();
  });

  test.each(['text-gru-tied', 'text-mingru'])('%s goes on from its state too', async (name) => {
    const writer = await textGeneration(folder(name));
    const session = writer.session({ seed: 1 });
    await text(session.generate({ maxTokens: 10 }));
    const resumed = writer.resume(session.state());
    expect(await text(resumed.generate({ maxTokens: 10 }))).toBe(await text(session.generate({ maxTokens: 10 })));
  });

  test('a session that is left early stands behind the last piece that was taken', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const session = writer.session({ prompt: 'a dog ', seed: 2 });
    let taken = '';
    for await (const piece of session.generate({ maxTokens: 30 })) {
      taken += piece.text;
      if (taken.length === 7) break;
    }
    const rest = await text(session.generate({ maxTokens: 23 }));
    expect(taken + rest).toBe(await text(writer.generate('a dog ', { maxTokens: 30, seed: 2 })));
  });

  test('stops before a text, which is not given out', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const whole = await text(writer.generate('the ', { maxTokens: 80, seed: 3 }));
    const stop = whole.slice(20, 24);
    const cut = await text(writer.generate('the ', { maxTokens: 80, seed: 3, stop }));
    expect(cut).toBe(whole.slice(0, whole.indexOf(stop)));
  });

  test('is stopped by its signal, and frees what it held when it is left early', async () => {
    const writer = await textGeneration(folder('text-lstm'));
    const controller = new AbortController();
    const stopped = problem(async () => {
      for await (const _ of writer.generate('the ', { signal: controller.signal }))
        controller.abort(new Error('enough'));
    });
    expect(await stopped).toBeInstanceOf(AbortError);
    expect(((await stopped).cause as Error).message).toBe('enough');
    for (const name of ['text-lstm', 'text-mingru'])
      expect(
        await leftBehind(
          () => textGeneration(folder(name)),
          async (run) => {
            for await (const _ of run.generate('the ', { maxTokens: 50 })) break;
          },
        ),
      ).toBeLessThanOrEqual(0);
  });

  test('refuses states of other models, of other tasks, and bytes that are none', async () => {
    const [writer, other] = [await textGeneration(folder('text-lstm')), await textGeneration(folder('text-gru-tied'))];
    const session = writer.session({ prompt: 'the ' });
    const state = session.state();
    const { tensors, metadata } = readSafetensors(state);
    const altered = (changes: Record<string, string>, drop = 0) =>
      writeSafetensors(new Map([...tensors].slice(drop) as never), { ...metadata, ...changes });
    const kinds = [
      [() => other.resume(state), 'mismatch', 'another model'],
      [() => writer.resume(altered({ task: 'translation' })), 'mismatch', 'of the task translation'],
      [() => writer.resume(altered({ version: '2' })), 'newer', 'update unrolled'],
      [() => writer.resume(altered({ at: 'null' })), 'corrupt', 'where it stands'],
      [
        () => writer.resume(altered({ at: '{"read":true,"random":{"words":[0]}}' })),
        'corrupt',
        'is not what Random saves',
      ],
      [() => writer.resume(altered({}, 1)), 'corrupt', 'expected'],
      [() => writer.resume(state.subarray(0, 90)), 'corrupt', 'cut off'],
      [() => writer.resume(new Uint8Array(0)), 'corrupt', 'too few'],
      [() => writer.resume('state' as never), 'corrupt', 'expected bytes'],
    ] as const;
    for (const [work, kind, message] of kinds) {
      const error = (await problem(work)) as RunError;
      expect(error).toBeInstanceOf(RunError);
      expect([error.kind, error.message]).toEqual([kind, expect.stringContaining(message)]);
    }
  });
});

describe('token classification', () => {
  test('spans are of the text that was given', async () => {
    const tagger = await tokenClassification(folder('tag'));
    const given = '  The cat\tlikes 🙂  the moon .';
    const [{ text: same, tokens }] = await tagger.predict(given, { topK: 2 });
    expect(same).toBe(given);
    for (const { token, start, end, scores, label } of tokens) {
      expect(given.slice(start, end)).toBe(token);
      expect([scores.length, scores[0].label]).toEqual([2, label]);
    }
    const apart = takeApart(' (🙂 ]', 'characters').tokens.map(({ start, end }) => ' (🙂 ]'.slice(start, end));
    expect(apart).toEqual(['(', '🙂', ' ', ']']);
    expect((await tagger.predict(['', ['a', 'dog']])).map(({ tokens: t }) => t.length)).toEqual([0, 2]);
  });

  test('a model of one direction is fed piece by piece, from any state that it had', async () => {
    const tagger = await tokenClassification(folder('tag-forwards'));
    const tokens = 'the cat likes the moon .'.split(' ');
    const [{ tokens: whole }] = await tagger.predict([tokens]);
    const session = tagger.session();
    const first = session.push(tokens.slice(0, 2));
    const state = session.state();
    const rest = session.push(tokens.slice(2));
    expect([...first, ...rest].map(({ label, score }) => [label, score])).toEqual(
      whole.map(({ label, score }) => [label, score]),
    );
    const again = tagger.resume(state);
    expect(again.position).toBe(2);
    expect(again.push(tokens.slice(2))).toEqual(rest);
    const both = await tokenClassification(folder('tag'));
    expect((await problem(() => both.session())).message).toContain('also reads from the end');
    expect((await problem(() => both.resume(state))).message).toContain('also reads from the end');
  });
});

describe('translations and captions', () => {
  test('stream what the greedy search finds, token by token, and free what they held', async () => {
    for (const name of ['translate-attention', 'translate-plain']) {
      const translator = await translation(folder(name));
      const [whole] = await translator.translate('the cat sees the moon', { beams: 1 });
      const pieces = [];
      for await (const piece of translator.stream('the cat sees the moon')) pieces.push(piece);
      expect(pieces.map((piece) => piece.text).join('')).toBe(whole.text);
      expect(pieces.map(({ token }) => token)).toEqual(whole.tokens);
      expect(pieces.map(({ attention }) => attention)).toEqual(
        whole.attention ? whole.attention.slice(0, pieces.length) : pieces.map(() => null),
      );
      const left = await leftBehind(
        () => translation(folder(name)),
        async (run) => {
          for await (const _ of run.stream('my friend wants some bread')) break;
        },
      );
      expect(left).toBeLessThanOrEqual(0);
    }
    for (const name of ['caption-soft', 'caption-hard', 'caption-inject']) {
      const captioner = await imageToText(folder(name));
      const [whole] = await captioner.caption(image(), { beams: 1 });
      expect(await text(captioner.stream(image()))).toBe(whole.text);
      const left = await leftBehind(
        () => imageToText(folder(name)),
        async (run) => {
          for await (const _ of run.stream(image())) break;
        },
      );
      expect(left).toBeLessThanOrEqual(0);
    }
  });

  /** The tokens of each input, and the names of the errors. */
  async function together(steps: AsyncIterable<readonly BatchedTokenPiece[]>, count: number) {
    const pieces: TokenPiece[][] = Array.from({ length: count }, () => []);
    const ends: (string | null)[][] = Array.from({ length: count }, () => []);
    for await (const step of steps)
      for (const { index, piece, error } of step)
        if (piece) pieces[index].push(piece);
        else ends[index].push(error && error.name);
    return { pieces, ends };
  }

  test('streamed together are what each is alone, whatever the others are', async () => {
    const texts = ['the cat sees the moon', '', 'a dog', 'my friend wants some bread', 'the cat sees the moon'];
    const options = [{}, {}, { maxTokens: 1 }, { sample: { seed: 3, temperature: 2 } }, { maxTokens: 0 }];
    for (const name of ['translate-attention', 'translate-plain']) {
      const run = await translation(folder(name));
      const { pieces, ends } = await together(run.streamAll(texts, options), texts.length);
      for (const [n, one] of texts.entries()) {
        const alone: TokenPiece[] = [];
        for await (const piece of run.stream(one, options[n])) alone.push(piece);
        expect(pieces[n]).toEqual(alone);
      }
      expect(ends).toEqual(texts.map(() => [null]));
    }
    for (const name of ['caption-soft', 'caption-hard', 'caption-inject']) {
      const run = await imageToText(folder(name));
      const { pieces, ends } = await together(run.streamAll([image(), image(), image()]), 3);
      expect(pieces[0].length).toBeGreaterThan(0);
      for (const one of pieces) expect(one).toEqual(pieces[0]);
      expect(ends).toEqual([[null], [null], [null]]);
    }
  });

  test('streamed together: a signal stops its own stream, and invalid options throw before anything is computed', async () => {
    const run = await translation(folder('translate-attention'));
    const signal = { aborted: false };
    const read = [];
    for await (const step of run.streamAll(['the cat', 'a dog'], [{ signal }, {}])) {
      signal.aborted = true;
      read.push(...step);
    }
    expect(read.filter(({ index }) => index === 0)).toMatchObject([{ error: null }, { error: { name: 'AbortError' } }]);
    expect(read.filter(({ index }) => index === 1).at(-1)).toEqual({ index: 1, piece: null, error: null });
    const refused = async (options: object) =>
      (await problem(() => run.streamAll(['a'], options as never).next())).message;
    expect(await refused([{}, {}])).toBe(
      'translation: options: expected those of all inputs, or 1, one for each; got 2',
    );
    expect(await refused({ maxTokens: -1 })).toContain('maxTokens: expected a whole number from 0, got -1');
    expect(await refused({ minTokens: 3, maxTokens: 2 })).toContain('minTokens: expected at most maxTokens 2, got 3');
    const left = await leftBehind(
      () => translation(folder('translate-attention')),
      async (one) => {
        for await (const _ of one.streamAll(['the cat', 'a dog'])) break;
      },
    );
    expect(left).toBeLessThanOrEqual(0);
  });

  test('an empty text has an empty translation, and hypotheses are sorted by score', async () => {
    const translator = await translation(folder('translate-attention'));
    const [empty, full] = await translator.translate([' ', 'the cat sees the moon'], { nBest: 3 });
    expect([empty.text, full.hypotheses.length, full.sourceTokens.length]).toEqual(['', 3, 5]);
    const scores = full.hypotheses.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(await text(translator.stream(''))).toBe('');
  });

  test('stop between two batches', async () => {
    const translator = await translation(folder('translate-plain'));
    const error = await problem(() => translator.translate('a dog', { signal: AbortSignal.abort() }));
    expect([error.name, error.message]).toEqual(['AbortError', 'translate: stopped by its signal']);
    const reviews = await textClassification(folder('classify'));
    expect(await problem(() => reviews.predict('a', { signal: AbortSignal.abort() }))).toBeInstanceOf(AbortError);
  });
});

describe('opening', () => {
  test('a union on the task; other tasks are refused by their functions; chance stays what it was', async () => {
    manualSeed(4);
    const draw = globalRandom().state;
    const run = await openRun(folder('classify'));
    expect(globalRandom().state).toEqual(draw);
    if (run.task !== 'text-classification') throw new Error(run.task);
    const [answer] = await run.predict(['a lovely and warm video'], { topK: 2 });
    expect([answer.label, answer.scores.length, answer.scores[0].score]).toEqual(['positive', 2, answer.score]);
    expect((await problem(() => textGeneration(folder('classify')))).message).toContain(
      'is a run of text-classification, expected text-generation; openRun opens any',
    );
    expect((await problem(() => openRun(folder('memory')))).message).toContain('measure it with unrolled eval');
  });

  test('a damaged checkpoint is skipped with a notice; without another the run is refused', async () => {
    const files = filesIn(folder('classify'));
    const path = [...files.keys()].find((name) => name.endsWith('model.safetensors')) as string;
    const damaged = Uint8Array.from(files.get(path) as Uint8Array);
    damaged[damaged.length - 1] ^= 1;
    const older = new Map(
      [...files].map(([name, bytes]) => [name.replace('000002-', '000001-').replace('-best', ''), bytes]),
    );
    const good = await openRun(folder('classify'));
    const both = await openRun(new Map([...older, ...files, [path, damaged]]));
    expect(both.info.notice).toContain('was altered: its SHA-256 is another');
    expect(both.info.hash).toBe(good.info.hash);
    const error = (await problem(() => openRun(new Map([...files, [path, damaged]])))) as RunError;
    expect([error.kind, error.message]).toEqual(['corrupt', expect.stringContaining('no checkpoint is whole')]);
  });

  test('files that the weights were not saved with are refused', async () => {
    const files = filesIn(folder('classify'));
    const error = (await problem(() =>
      openRun(new Map<string, Uint8Array | object>([...files, ['labels.json', ['a', 'b', 'c']]])),
    )) as RunError;
    expect([error.kind, error.message]).toEqual(['mismatch', expect.stringContaining('labels.json')]);
  });

  test('weights alone, next to config.json and what the task needs, are a run too', async () => {
    const files = filesIn(folder('classify'));
    const weights = [...files].find(([name]) => name.endsWith('model.safetensors')) as [string, Uint8Array];
    const rest = [...files].filter(([name]) => !name.startsWith('checkpoints/'));
    const run = await textClassification(new Map([...rest, ['model.safetensors', weights[1]]]));
    expect([run.info.step, (await run.predict('a lovely and warm video'))[0].label]).toEqual([null, 'positive']);
  });

  test.each([
    ['no run at all', {}, 'missing', 'there is no config.json in it'],
    ['another format', { 'config.json': { format: 'x' } }, 'corrupt', 'is not the configuration of a run'],
    ['a later version', { 'config.json': { format: 'unrolled run', version: 3 } }, 'newer', 'update unrolled'],
    ['no JSON', { 'config.json': '{' }, 'corrupt', 'is not valid JSON'],
    [
      'no checkpoint',
      { 'config.json': { format: 'unrolled run', version: 1, task: 'text', model: {} } },
      'missing',
      'holds no checkpoint',
    ],
    [
      'an unknown task',
      { 'config.json': { format: 'unrolled run', version: 1, task: 'sing', model: {} } },
      'task',
      'not known here',
    ],
  ])('%s is refused', async (_, files, kind, message) => {
    const error = (await problem(() => openRun(files as never))) as RunError;
    expect([error.name, error.kind]).toEqual(['RunError', kind]);
    expect(error.message).toContain(message);
  });

  test('over HTTP: index.json says what there is, and what to do where there is none', async () => {
    const files = filesIn(folder('classify'));
    const long = indexed(files);
    const index = JSON.parse(new TextDecoder().decode(long.get('index.json')));
    index.files['labels.json'].bytes = 3;
    const cut = new Map([...long, ['index.json', new TextEncoder().encode(JSON.stringify(index))]]);
    const server = await serveRuns(
      new Map([
        ['old', files],
        ['cut', cut],
      ]),
    );
    try {
      const old = (await problem(() => openRun(`${server.url}old/`))) as RunError;
      expect([old.kind, old.message]).toEqual(['missing', expect.stringContaining('or serve it as a zip')]);
      const error = (await problem(() => openRun(`${server.url}cut`))) as RunError;
      expect([error.kind, error.message]).toEqual(['large', expect.stringContaining('labels.json')]);
      expect(((await problem(() => openRun(`${server.url}none/`))) as RunError).kind).toBe('missing');
    } finally {
      await server.close();
    }
  });

  test('a zip that lies about itself is refused before anything is unpacked', async () => {
    const files = filesIn(folder('classify'));
    const whole = zipOf(files);
    const change = (at: (view: DataView) => void) => {
      const bytes = whole.slice();
      at(new DataView(bytes.buffer));
      return bytes;
    };
    const end = whole.length - 22;
    const directory = (view: DataView) => view.getUint32(end + 16, true);
    const cases: [string, Uint8Array][] = [
      ['is not a zip file', whole.subarray(0, whole.length / 2)],
      ['is not a zip file', new Uint8Array(10)],
      [
        'declares 4000000000 bytes packed in',
        change((view) => view.setUint32(directory(view) + 24, 4_000_000_000, true)),
      ],
      ['its checksum is another', change((view) => view.setUint32(directory(view) + 16, 1, true))],
      [
        'unpacks to',
        change((view) => view.setUint32(directory(view) + 24, view.getUint32(directory(view) + 24, true) + 9, true)),
      ],
      ['unpacks to more', change((view) => view.setUint32(directory(view) + 24, 9, true))],
      ['lies outside of it', change((view) => view.setUint32(end + 16, 0x7fffffff, true))],
      ['packed by method 12', change((view) => view.setUint16(directory(view) + 10, 12, true))],
      ['leads out of the zip', zipOf(new Map([...files, ['../evil.json', new Uint8Array(1)]]))],
      ['leads out of the zip', zipOf(new Map([...files, ['/etc/evil', new Uint8Array(1)]]))],
    ];
    // Each of the directory's entries is changed, and config.json is read first: it is the first one where it matters.
    for (const [message, zip] of cases) {
      const error = await problem(() => openRun(zip));
      expect(error).toBeInstanceOf(RunError);
      expect(error.message).toContain(message);
    }
  });

  test('two runs in one drop are refused', async () => {
    const files = filesIn(folder('classify'));
    const error = await problem(() => openRun([...fileList(files, 'one'), ...fileList(files, 'two')]));
    expect(error.message).toContain('holds several runs (one/, two/)');
  });
});
