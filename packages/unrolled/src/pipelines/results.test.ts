// Results are data that a program sends on: plain numbers, texts, lists and objects. And what a caller did wrong is refused by name.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { OptionError, RunError } from './index.ts';
import {
  imageToText,
  textClassification,
  timeSeriesForecasting,
  tokenClassification,
  translation,
  videoClassification,
  visualQuestionAnswering,
} from './tasks.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));
const image = new Uint8Array(readFileSync(folder('inputs/red-left-0.png')));
const frames = readdirSync(folder('inputs/clip0')).map((file) => readFileSync(folder(`inputs/clip0/${file}`)));
async function listOf<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const piece of pieces) list.push(piece);
  return list;
}
const wave = Array.from({ length: 60 }, (_, t) => Math.sin(t / 3));

const results: Record<string, () => Promise<unknown>> = {
  classification: async () => (await textClassification(folder('classify'))).predict('a fine day', { topK: 2 }),
  tagging: async () => (await tokenClassification(folder('tag'))).predict('the cat sees'),
  'tagging in a session': async () =>
    (await tokenClassification(folder('tag-forwards'))).session().push(['the', 'cat']),
  translation: async () => (await translation(folder('translate-attention'))).translate('the cat', { nBest: 2 }),
  'a streamed translation': async () => listOf((await translation(folder('translate-attention'))).stream('the cat')),
  captions: async () => (await imageToText(folder('caption-soft'))).caption(image, { nBest: 2 }),
  'a streamed caption': async () => listOf((await imageToText(folder('caption-soft'))).stream(image)),
  answers: async () => (await visualQuestionAnswering(folder('vqa-map'))).answer(image, 'is it red ?', { topK: 2 }),
  'attention to an image': async () =>
    (await visualQuestionAnswering(folder('vqa-map'))).attention(image, 'is it red ?'),
  clips: async () => (await videoClassification(folder('video-clip'))).predict([{ frames }]),
  frames: async () => (await videoClassification(folder('video-frame'))).predict([{ frames }]),
  forecasts: async () => {
    const forecaster = await timeSeriesForecasting(folder('forecast'));
    const columns = Object.fromEntries(forecaster.input.columns.map((column) => [column, wave]));
    const known = Object.fromEntries(forecaster.input.known.map((column) => [column, [...wave, ...wave]]));
    return forecaster.forecast({ columns, known });
  },
};

test.each(Object.entries(results))('results are the same after JSON: %s', async (_, make) => {
  const result = await make();
  expect(JSON.stringify(result).length).toBeGreaterThan(40);
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});

describe('what a caller did wrong is refused by name', () => {
  test('texts and tokens of a tagger', async () => {
    const tagger = await tokenClassification(folder('tag-forwards'));
    await expect(tagger.predict(['the cat', null] as never)).rejects.toThrow(
      'token-classification: texts: text 1: expected a text or a list of tokens, got null',
    );
    await expect(tagger.predict([['the', 5]] as never)).rejects.toThrow('tokens: token 1: expected a string, got 5');
    expect(() => tagger.session().push('the cat' as never)).toThrow(
      'token-classification: tokens: expected a list of tokens, got "the cat"',
    );
  });

  test('a list of texts where one is streamed, and a sampling that is no object', async () => {
    const translator = await translation(folder('translate-attention'));
    await expect(translator.stream(['the cat'] as never).next()).rejects.toThrow(
      /translation: text: expected a string, got/,
    );
    const error = await translator.translate('the cat', { sample: true } as never).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe('translation: sample: expected an object, got true');
    await expect(translator.stream('the cat', { sample: 1 } as never).next()).rejects.toThrow(
      'translation: sample: expected an object, got 1',
    );
  });

  test('an address that does not answer', async () => {
    const error = await translation('http://127.0.0.1:9/run/').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({
      kind: 'missing',
      message: expect.stringMatching(/^http:.*: could not be fetched \(.+\)$/),
    });
  });
});
