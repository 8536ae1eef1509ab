import { describe, expect, test } from 'vitest';
import { TokenVocabulary } from '../data/token-vocabulary.ts';
import { withCharacters } from '../data/token-characters.ts';
import { observeSteps } from '../nn/recurrent/observe.ts';
import { namedCells } from '../analysis/observed-layers.ts';
import { indices, zeros } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { characterFeatures, type CharacterOptions } from './character-encoder.ts';
import { SequenceTagger, type SequenceTaggerOptions } from './sequence-tagger.ts';

const sizes = { vocabularySize: 5, classes: 2, hiddenSize: 4 };
const letters = TokenVocabulary.of([Array.from('abcd')], { size: null, minCount: 1, lowercase: false });
const longest = 4;

function tagger(features: CharacterOptions['features'], more: Partial<SequenceTaggerOptions> = {}): SequenceTagger {
  manualSeed(3);
  return new SequenceTagger({ ...sizes, ...more, characters: { features, vocabularySize: 6, longest } }).eval();
}

/** Logits of words that all have the same id, one after the other. */
function ofWords(model: SequenceTagger, words: readonly string[]): number[] {
  const ids = withCharacters(new Int32Array(words.length).fill(1), words, { vocabulary: letters, longest });
  return Array.from(model.forward(indices(ids, [words.length, 1, 1 + longest])).dataSync());
}

test('characters stand behind the id of their token; of a long token the first and the last are read', () => {
  const ids = withCharacters([7, 1], ['ab', 'abcabd'], { vocabulary: letters, longest });
  expect(Array.from(ids)).toEqual([7, 2, 3, 0, 0, 1, 2, 3, 3, 5]);
  expect(withCharacters([], [], { vocabulary: letters, longest })).toHaveLength(0);
  expect(() => withCharacters([1], ['a', 'b'], { vocabulary: letters, longest })).toThrow(
    'one for each of 2 tokens, got 1',
  );
  expect(() => withCharacters([1], ['a'], { vocabulary: letters, longest: 0 })).toThrow('longest');
});

describe.each(characterFeatures)('%s', (features) => {
  test('tells words apart that the vocabulary does not know, by the order of their characters', () => {
    const model = tagger(features);
    const [ab, ba] = [ofWords(model, ['ab']), ofWords(model, ['ba'])];
    expect(ab).not.toEqual(ba);
    expect(ofWords(model, ['ab'])).toEqual(ab);
  });

  test('a word has the same features among longer and shorter ones, to the last bit', () => {
    const model = tagger(features);
    const alone = ofWords(model, ['ab']);
    expect(ofWords(model, ['ab', 'abcd', '', 'a']).slice(0, sizes.classes)).toEqual(alone);
  });

  test('fed piece by piece it says the same', () => {
    const model = tagger(features);
    const words = ['ab', 'c', 'abcd'];
    const ids = withCharacters([2, 1, 4], words, { vocabulary: letters, longest });
    const whole = model.forward(indices(ids, [3, 1, 1 + longest])).dataSync();
    const [first, state] = model.step(indices(ids.subarray(0, 5), [1, 1, 5]));
    const [rest] = model.step(indices(ids.subarray(5), [2, 1, 5]), state);
    expect([...first.dataSync(), ...rest.dataSync()]).toEqual(Array.from(whole));
  });

  test('no words and no steps are taken for what they are', () => {
    const shape = tagger(features).forward(zeros([0, 2, 1 + longest], { dtype: 'int32' })).shape;
    expect(shape).toEqual([0, 2, sizes.classes]);
  });

  test('an inspection sees the steps of the sequence, and not those over characters', () => {
    const model = tagger(features, { cell: 'gru' });
    expect(namedCells(model).map(({ name }) => name)).toEqual(['l0']);
    const seen: string[] = [];
    observeSteps(({ gates }) => seen.push(Object.keys(gates).join('')), () => ofWords(model, ['ab', 'cd'])); // biome-ignore format: one line
    expect(seen).toEqual(['rzn', 'rzn']);
  });
});

test('the default sizes are those of the papers, and the configuration makes the model again', () => {
  expect(tagger('cnn').config.characters).toMatchObject({ embeddingDim: 30, hiddenSize: 30 });
  expect(tagger('lstm').config.characters).toMatchObject({ embeddingDim: 30, hiddenSize: 25 });
  expect(tagger('lstm').characters?.outputSize).toBe(50);
  const { config } = tagger('cnn');
  expect(new SequenceTagger(JSON.parse(JSON.stringify(config))).config).toEqual(config);
  expect(new SequenceTagger(sizes).config).not.toHaveProperty('characters');
});

test('what does not fit is refused by name', () => {
  const characters: CharacterOptions = { features: 'cnn', vocabularySize: 6, longest };
  const make = (more: object, of: object = sizes) => () => new SequenceTagger({ ...of, characters: { ...characters, ...more } } as never); // biome-ignore format: one line
  expect(make({ features: 'rnn' })).toThrow('characters.features: expected cnn or lstm, got "rnn"');
  expect(make({ vocabularySize: 1 })).toThrow('vocabularySize');
  expect(make({ longest: 0 })).toThrow('longest');
  expect(make({ size: 3 })).toThrow('SequenceTagger characters: size: unknown option');
  expect(make({}, { inputSize: 2, classes: 2 })).toThrow('characters: belong to tokens');
  expect(() => tagger('cnn').forward(zeros([3, 1], { dtype: 'int32' }))).toThrow('[time, batch, 5], got [3, 1]');
});
