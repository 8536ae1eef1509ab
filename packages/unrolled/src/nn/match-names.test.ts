import { expect, test } from 'vitest';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { matchNames } from './match-names.ts';

const make = () => new SequenceClassifier({ vocabularySize: 5, classes: 2, hiddenSize: 3 });

test('weights of nn.Embedding, nn.LSTM and nn.Linear load whatever the fields were called, and in any order', () => {
  const [from, to] = [make(), make()];
  const names: Record<string, string> = { embedding: 'emb', recurrent: 'lstm', head: 'fc' };
  const renamed = [...from.stateDict()].map(([name, v]) => [name.replace(/^\w+/, (l) => names[l]), v] as const);
  to.loadStateDict(matchNames(to, new Map(renamed.sort(([a], [b]) => (a < b ? -1 : 1)))));
  expect(to.stateDict()).toEqual(from.stateDict());
});

test('what is saved has the names of the parameters, PyTorch’s', () => {
  const model = new SequenceClassifier({ vocabularySize: 5, classes: 2, hiddenSize: 3, bidirectional: true });
  const names = [...model.stateDict().keys()];
  expect(names).toEqual(Array.from(model.namedParameters(), ([name]) => name));
  expect(names).toContain('recurrent.weight_hh_l0_reverse');
});

test('a layer that is missing or too many is named', () => {
  const saved = make().stateDict();
  saved.set('extra.weight', { shape: [1], data: Float32Array.of(1) });
  expect(() => matchNames(make(), saved)).toThrow('state dict: has extra, which no layer of the model is like');
  saved.delete('head.bias');
  expect(() => matchNames(make(), saved)).toThrow('has no layer like head: weight [2, 3], bias [2]');
});
