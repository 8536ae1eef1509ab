import { expect, test } from 'vitest';
import { modelOf } from './model-of.ts';
import { SequenceTagger } from './sequence-tagger.ts';

test('a model is made from one object, and its configuration makes another of the same form', () => {
  const tagger = modelOf({
    type: 'sequence-tagger',
    vocabularySize: 7,
    classes: 3,
    hiddenSize: 4,
    input: { kind: 'x' },
  });
  expect(tagger).toBeInstanceOf(SequenceTagger);
  const sizes = { type: 'language-model', vocabularySize: 5, hiddenSize: 4, numLayers: 1 } as const;
  const model = modelOf(sizes);
  const again = modelOf({ type: 'language-model', ...model.config });
  expect(again.config).toEqual(model.config);
  expect(modelOf({ type: 'memory-model', inputSize: 2, outputSize: 1 }).config.outputSize).toBe(1);
});

test('a type that is not known is refused', () => {
  expect(() => modelOf({ type: 'sequence-taggr', classes: 2 } as never)).toThrow('did you mean sequence-tagger?');
  expect(() => modelOf({ type: 'toString' } as never)).toThrow('type toString is not known');
});
