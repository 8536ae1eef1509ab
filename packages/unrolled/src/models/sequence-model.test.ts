import { describe, expect, test } from 'vitest';
import { indices, tensor, zeros } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { poolings, SequenceClassifier, type SequenceClassifierOptions } from './sequence-classifier.ts';
import { SequenceTagger } from './sequence-tagger.ts';

const small = { vocabularySize: 5, classes: 3, hiddenSize: 4 };

describe('SequenceClassifier', () => {
  test('the last state of a bidirectional layer is where each direction ends, at each row’s own length', () => {
    manualSeed(1);
    const model = new SequenceClassifier({ ...small, bidirectional: true }).eval();
    const input = indices([1, 2, 3, 4, 1, 0], [3, 2]); // rows 1 3 1 and 2 4
    const [logits] = model.forward(input, { lengths: [3, 2] });
    const x = model.embedding?.forward(input);
    if (!x) throw new Error('there is an embedding');
    const [y] = model.recurrent.forward(x, null, { lengths: [3, 2] });
    const H = 4;
    const forwards = [y.select(0, 2).slice(0, 0, 1), y.select(0, 1).slice(0, 1, 2)].map((t) => t.slice(1, 0, H));
    const backwards = y.select(0, 0).slice(1, H);
    for (const b of [0, 1]) {
      const pooled = [...forwards[b].dataSync(), ...backwards.select(0, b).dataSync()];
      const expected = model.head.forward(tensor(pooled, [1, 2 * H]));
      expect([...logits.select(0, b).dataSync()]).toEqual([...expected.dataSync()]);
    }
  });

  test.each(poolings)('pooling %s gives zeros for a row of length 0, and its neighbors do not notice', (pooling) => {
    manualSeed(2);
    const model = new SequenceClassifier({ ...small, pooling }).eval();
    const [logits] = model.forward(indices([1, 1, 2, 2], [2, 2]), { lengths: [2, 0] });
    const [alone] = model.forward(indices([1, 2], [2, 1]));
    expect([...logits.select(0, 0).dataSync()]).toEqual([...alone.dataSync()]);
    expect([...logits.select(0, 1).dataSync()]).toEqual([...(model.head.bias?.dataSync() ?? [])]);
  });

  test.each(poolings)('pooling %s takes no steps and no rows for what they are', (pooling) => {
    const model = new SequenceClassifier({ ...small, pooling }).eval();
    expect(model.forward(zeros([0, 2], { dtype: 'int32' }))[0].shape).toEqual([2, 3]);
    expect(model.forward(zeros([4, 0], { dtype: 'int32' }))[0].shape).toEqual([0, 3]);
  });

  test('attention weights sum to 1 over a row’s steps and are 0 past them', () => {
    const model = new SequenceClassifier({ ...small, pooling: 'attention' }).eval();
    const { weights } = model.explain(indices([1, 2, 3, 4, 0, 1], [3, 2]), { lengths: [3, 2] });
    const [w0, w1] = (weights?.toArray() ?? []) as number[][];
    expect(w0.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(w1[0] + w1[1]).toBeCloseTo(1, 6);
    expect(w1[2]).toBe(0);
  });

  test('a temperature above 1 makes probabilities more modest, and changes no decision', () => {
    const model = new SequenceClassifier(small);
    const input = indices([1, 2, 3, 4], [2, 2]);
    const [sharp, mild] = [1, 3].map((temperature) => model.predict(input, { temperature }));
    expect(mild.max().itemSync()).toBeLessThan(sharp.max().itemSync());
    expect(mild.argmax(1).toArray()).toEqual(sharp.argmax(1).toArray());
    expect(model.training).toBe(true);
  });

  test('dropout of every kind acts in training and not in prediction', () => {
    const model = new SequenceClassifier({
      ...small,
      numLayers: 2,
      dropout: 0.3,
      stepDropout: 0.2,
      recurrentDropout: 0.2,
    });
    const input = indices([1, 2, 3, 4], [4, 1]);
    const [a, b] = [0, 1].map(() => [...model.forward(input)[0].dataSync()]);
    expect(a).not.toEqual(b);
    expect([...model.predict(input).dataSync()]).toEqual([...model.predict(input).dataSync()]);
  });

  test.each<[Partial<Record<keyof SequenceClassifierOptions | 'hidden', unknown>>, string]>([
    [
      {},
      'SequenceClassifier: vocabularySize, inputSize: expected one of them, for a model of tokens or of numbers, got none',
    ],
    [{ vocabularySize: 3, inputSize: 2 }, 'got both'],
    [{ vocabularySize: 3, classes: 0 }, 'SequenceClassifier: classes: expected a whole number from 1, got 0'],
    [{ vocabularySize: 3, pooling: 'sum' }, 'pooling: expected one of last, mean, max, attention, got "sum"'],
    [{ vocabularySize: 3, cell: 'ltsm' }, 'SequenceClassifier: cell: unknown cell ltsm; did you mean lstm?'],
    [{ vocabularySize: 3, stepDropout: 1 }, 'stepDropout: expected a probability in [0, 1), got 1'],
    [{ vocabularySize: 3, hidden: 7 }, 'SequenceClassifier: hidden: unknown option'],
  ])('refuses %o', (options, message) => {
    expect(() => new SequenceClassifier({ classes: 2, ...options } as SequenceClassifierOptions)).toThrow(message);
  });

  test('input of the other kind is refused with what to do', () => {
    const numbers = new SequenceClassifier({ inputSize: 2, classes: 2, hiddenSize: 3 });
    expect(() => numbers.forward(indices([1, 2], [2, 1]))).toThrow(
      'SequenceClassifier: expected numbers [T, B, 2], got int32; cast them, or make the model with vocabularySize for tokens',
    );
    expect(() => numbers.forward(zeros([2, 1, 3]))).toThrow('expected input of shape [time, batch, 2], got [2, 1, 3]');
    expect(() => new SequenceClassifier(small).forward(zeros([2, 1]))).toThrow('expected int32 tokens [T, B]');
  });
});

describe('SequenceTagger', () => {
  test('labels come one a step, cut to each row’s length, with a score for every label', () => {
    const model = new SequenceTagger({ ...small, bidirectional: true });
    const [a, b] = model.predict(indices([1, 2, 3, 4, 0, 1], [3, 2]), { lengths: [3, 1] });
    expect([a.labels.length, a.scores.length, b.labels.length, b.scores.length]).toEqual([3, 9, 1, 3]);
    for (const t of [0, 1, 2]) {
      const scores = a.scores.subarray(3 * t, 3 * t + 3);
      expect(scores[0] + scores[1] + scores[2]).toBeCloseTo(1, 6);
      expect(scores.indexOf(Math.max(...scores))).toBe(a.labels[t]);
    }
  });

  test('steps without a label add nothing to the loss', () => {
    const model = new SequenceTagger(small).eval();
    const input = indices([1, 2, 3], [3, 1]);
    const whole = model.loss(input, indices([0, 1, -100], [3, 1])).itemSync();
    const cut = model.loss(input.slice(0, 0, 2), indices([0, 1], [2, 1])).itemSync();
    expect(whole).toBe(cut);
  });
});
