import { manualSeed, type Module, Seq2Seq, SequenceClassifier } from 'unrolled';
import { expect, test } from 'vitest';
import { scaleEmbeddings } from './embedding-scale.ts';

const valuesOf = (model: Module) =>
  new Map([...model.namedParameters()].map(([name, weight]) => [name, Array.from(weight.dataSync())] as const));

test.each<[what: string, embeddings: number, make: () => Module]>([
  ['a classifier', 1, () => new SequenceClassifier({ vocabularySize: 50, classes: 2, hiddenSize: 8 })],
  [
    'a translator with one embedding for both sides',
    1,
    () => new Seq2Seq({ sourceVocabulary: 9, targetVocabulary: 9, hiddenSize: 4, shareEmbeddings: true, start: 1, end: 2 }), // biome-ignore format: one line
  ],
  [
    'a translator with two',
    2,
    () => new Seq2Seq({ sourceVocabulary: 9, targetVocabulary: 7, hiddenSize: 4, start: 1, end: 2 }),
  ],
])('%s: embeddings begin at the scale, and every other weight where it was', (_what, embeddings, make) => {
  manualSeed(3);
  const model = make();
  const before = valuesOf(model);
  scaleEmbeddings(model, 0.5);
  const after = valuesOf(model);
  const changed = [...before].filter(([name, values]) => values.join() !== after.get(name)?.join());
  expect(changed.length).toBe(embeddings);
  for (const [name, values] of changed) {
    expect(name).toMatch(/embedding\.weight$/);
    expect(after.get(name)).toEqual(values.map((value) => 0.5 * value));
  }
});

test('at a scale of 1, and where none is given, nothing changes', () => {
  const model = new SequenceClassifier({ vocabularySize: 50, classes: 2, hiddenSize: 8 });
  const before = valuesOf(model);
  scaleEmbeddings(model);
  scaleEmbeddings(model, 1);
  expect(valuesOf(model)).toEqual(before);
});
