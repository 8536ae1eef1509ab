// The routes of the tasks give what the pipelines give, and their streams end where the whole answers are.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRun } from 'unrolled';
import { describe, expect, test } from 'vitest';
import { handler } from './ask.ts';
import { runPath } from './served.ts';

const at = handler([
  'classify',
  'tag',
  'tag-forwards',
  'tag-characters',
  'translate-attention',
  'caption-soft',
  'vqa-map',
  'video-clip',
  'video-frame',
  'forecast',
  'forecast-recursive',
]);
const inputs = runPath('inputs');
const bytesOf = (name: string) => new Uint8Array(readFileSync(join(inputs, name)));
const uri = (name: string) => `data:image/png;base64,${Buffer.from(bytesOf(name)).toString('base64')}`;
const frames = readdirSync(join(inputs, 'clip0')).map((name) => `clip0/${name}`);
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

/** What the pipeline of a fixture gives. */
// oxlint-disable-next-line typescript/no-explicit-any -- each test knows which task it opens
async function direct(name: string, ask: (run: any) => Promise<unknown>): Promise<unknown> {
  return plain(await ask(await openRun(runPath(name))));
}

describe('whole answers', () => {
  test('classify', async () => {
    const input = ['not bad at all', 'awful'];
    const { body } = await at.post('/v1/classify', { input, topK: 2 });
    expect(body).toEqual({
      object: 'list',
      model: 'classify',
      data: await direct('classify', (run) => run.predict(input, { topK: 2 })),
    });
  });

  test('tag, of texts and of tokens', async () => {
    const input = ['the dog sat', 'a cat'];
    expect((await at.post('/v1/tag', { model: 'tag', input, topK: 2 })).body.data).toEqual(
      await direct('tag', (run) => run.predict(input, { topK: 2 })),
    );
    const tokens = [['the', 'dog'], ['rain']];
    expect((await at.post('/v1/tag', { model: 'tag', tokens })).body.data).toEqual(
      await direct('tag', (run) => run.predict(tokens)),
    );
    expect((await at.post('/v1/tag', { model: 'tag', tokens: ['the', 'dog'] })).body.data).toEqual(
      await direct('tag', (run) => run.predict([['the', 'dog']])),
    );
  });

  test('translate, by beam search with its attention, and sampled', async () => {
    const ask = { nBest: 3, beams: 4, lengthPenalty: 0.4 };
    const { body } = await at.post('/v1/translate', { input: ['my friend', 'the moon'], ...ask });
    expect(body.data).toEqual(
      await direct('translate-attention', (run) => run.translate(['my friend', 'the moon'], ask)),
    );
    const sample = { seed: 4, temperature: 0.7 };
    expect((await at.post('/v1/translate', { input: 'my friend', sample })).body.data).toEqual(
      await direct('translate-attention', (run) => run.translate('my friend', { sample })),
    );
  });

  test('caption, of a data URI, a form and a raw body', async () => {
    const expected = await direct('caption-soft', (run) => run.caption([bytesOf('red-left-0.png')], { beams: 3 }));
    const form = new FormData();
    form.set('image', new Blob([bytesOf('red-left-0.png')], { type: 'image/png' }), 'red.png');
    form.set('beams', '3');
    const answers = await Promise.all([
      at.post('/v1/caption', { image: uri('red-left-0.png'), beams: 3 }),
      at.post('/v1/caption', form),
      at.post('/v1/caption?beams=3', bytesOf('red-left-0.png'), { 'content-type': 'image/png' }),
    ]);
    for (const { body } of answers) expect(body.data).toEqual(expected);
  });

  test('caption several images in their order', async () => {
    const names = ['red-left-0.png', 'blue-right-1.png'];
    const { body } = await at.post('/v1/caption', { image: names.map(uri) });
    expect(body.data).toEqual(await direct('caption-soft', (run) => run.caption(names.map(bytesOf))));
  });

  test('vqa, with attention', async () => {
    const question = ['what color is it ?', 'where is it ?'];
    const image = bytesOf('green-left-2.png');
    const { body } = await at.post('/v1/vqa', { image: uri('green-left-2.png'), question, topK: 3 });
    expect(body.data).toEqual(await direct('vqa-map', (run) => run.answer(image, question, { topK: 3 })));
    const looked = await at.post('/v1/vqa', { image: uri('green-left-2.png'), question: question[0], attention: true });
    expect(looked.body.data[0].attention).toEqual(await direct('vqa-map', (run) => run.attention(image, question[0])));
  });

  test('video, of a clip and of its frames', async () => {
    for (const model of ['video-clip', 'video-frame']) {
      const { body } = await at.post('/v1/video', { model, frames: frames.map(uri), rate: 25 });
      expect(body.data).toEqual(await direct(model, (run) => run.predict({ frames: frames.map(bytesOf), rate: 25 })));
    }
  });

  test('forecast, with quantiles, a missing value and times', async () => {
    const wave = (n: number, k: number) => Array.from({ length: n }, (_, t) => 50 + 20 * Math.sin(t / 4 + k));
    const columns = { load: wave(20, 0), price: wave(20, 1) };
    const known = { weekday: Array.from({ length: 26 }, (_, t) => t % 7) };
    const gap = { ...columns, load: columns.load.map((x, t) => (t === 15 ? null : x)) };
    const { body } = await at.post('/v1/forecast', {
      model: 'forecast',
      columns: gap,
      known,
      missing: 'fill',
      steps: 6,
    });
    const filled = { ...columns, load: gap.load.map((x) => x ?? NaN) };
    expect(body.data).toEqual(
      await direct('forecast', (run) => run.forecast({ columns: filled, known }, { missing: 'fill', steps: 6 })),
    );
    const times = columns.load.map((_, t) => 3600 * t);
    const several = [
      { columns, times },
      { columns: { load: wave(20, 2), price: wave(20, 3) }, times },
    ];
    const both = await at.post('/v1/forecast', { model: 'forecast-recursive', input: several });
    expect(both.body.data).toEqual(await direct('forecast-recursive', (run) => run.forecast(several)));
  });
});

describe('streams', () => {
  test('of a translation are its tokens; the last event has the text', async () => {
    const events = await at.events('/v1/translate', { input: 'my friend', maxTokens: 12 });
    const pieces = events.slice(0, -1).map(({ piece }) => piece);
    const expected = await direct('translate-attention', async (run) => {
      const all: unknown[] = [];
      for await (const piece of run.stream('my friend', { maxTokens: 12 })) all.push(piece);
      return all;
    });
    expect(pieces).toEqual(expected);
    const { done, data } = events.at(-1);
    expect([done, data[0].text]).toEqual([true, pieces.map(({ text }) => text).join('')]);
  });

  test('of a caption are its words', async () => {
    const events = await at.events('/v1/caption', { image: uri('red-left-0.png') });
    const words = events.slice(0, -1).map(({ piece }) => piece.text);
    const greedy = (await at.post('/v1/caption', { image: uri('red-left-0.png'), beams: 1 })).body.data[0].text;
    expect([words.join(''), events.at(-1).done]).toEqual([greedy, true]);
    expect(words.length).toBeGreaterThan(2);
  });

  test('of a clip are the labels of its frames', async () => {
    const events = await at.events('/v1/video', { model: 'video-frame', frames: frames.map(uri) });
    const whole = (await at.post('/v1/video', { model: 'video-frame', frames: frames.map(uri) })).body.data[0];
    expect(events.slice(0, -1).map(({ piece }) => piece.label)).toEqual(
      whole.frames.map(({ label }: { label: string }) => label),
    );
  });
});

describe('piece by piece', () => {
  test('a tagger goes on from its state, also twice from the same one', async () => {
    const words = ['the', 'dog', 'sat', 'on', 'a', 'cat'];
    const whole = (await at.post('/v1/tag', { model: 'tag-forwards', tokens: words })).body.data[0].tokens;
    const first = (await at.post('/v1/tag', { model: 'tag-forwards', tokens: words.slice(0, 3), state: true })).body;
    const rest = { model: 'tag-forwards', tokens: words.slice(3), state: first.state };
    const [second, again] = [await at.post('/v1/tag', rest), await at.post('/v1/tag', rest)];
    const labels = [...first.data[0].tokens, ...second.body.data[0].tokens].map(({ label, score }) => [label, score]);
    expect(labels).toEqual(whole.map(({ label, score }: { label: string; score: number }) => [label, score]));
    expect(again.body.data).toEqual(second.body.data);
    expect(second.body.data[0].position).toBe(6);
  });

  test('a labeler of frames goes on from its state', async () => {
    const whole = (await at.post('/v1/video', { model: 'video-frame', frames: frames.map(uri), state: true })).body
      .data[0].frames;
    let state: string | true = true;
    const labels = [];
    for (const name of frames) {
      const { body } = await at.post('/v1/video', { model: 'video-frame', frames: [uri(name)], state });
      labels.push(...body.data[0].frames);
      state = body.state;
    }
    expect(labels).toEqual(whole);
  });

  test('a model that also reads from the end says so', async () => {
    const { status, body } = await at.post('/v1/tag', { model: 'tag', input: 'the dog', state: true });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('bidirectional')]);
  });
});
