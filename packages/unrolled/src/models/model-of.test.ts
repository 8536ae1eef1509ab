import { expect, test } from 'vitest';
import { LanguageModel } from './language-model.ts';
import { MemoryModel } from './memory-model.ts';
import { modelOf } from './model-of.ts';
import { SequenceClassifier } from './sequence-classifier.ts';
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
  const again = modelOf(model.config);
  expect(again.config).toEqual(model.config);
  expect(modelOf({ type: 'memory-model', inputSize: 2, outputSize: 1 }).config.outputSize).toBe(1);
});

test('a class makes one of its own configuration, and refuses that of another', () => {
  const model = new MemoryModel(2, 1, { hiddenSize: 3 });
  expect(new MemoryModel(model.config).config).toEqual(model.config);
  const language = new LanguageModel(5, { hiddenSize: 4 });
  expect(new LanguageModel(language.config).config).toEqual(language.config);
  const tagger = new SequenceTagger({ vocabularySize: 7, classes: 3 });
  expect(() => new SequenceClassifier(tagger.config as never)).toThrow(
    'SequenceClassifier: type: expected sequence-classifier, got "sequence-tagger"; modelOf(config) finds the class of a type',
  );
});

test('a type that is not known is refused', () => {
  expect(() => modelOf({ type: 'sequence-taggr', classes: 2 } as never)).toThrow('did you mean sequence-tagger?');
  expect(() => modelOf({ type: 'toString' } as never)).toThrow('type toString is not known');
});
