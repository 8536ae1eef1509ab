import { expect, test } from 'vitest';
import { indices, tensor } from '../../tensor/create.ts';
import { manualSeed } from '../../tensor/random-state.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { changeMaps, MapReader } from './map-reader.ts';
import { VisualQA, type VisualQuestions } from './visual-qa.ts';

// Words are one-hot: circle, square, "right of". Colors do not matter; an image has a channel for circles, one for squares and one for nothing.
const [circle, square, rightOf] = [0, 1, 2];
const places = (text: string) => {
  const cells = text.replace(' ', '').split('');
  return tensor(
    ['c', 's', '.'].flatMap((kind) => cells.map((cell) => Number(cell === kind))),
    [1, 3, 2, 3],
  );
};
const predicted = (...words: number[]) => {
  const rows = words.flatMap((word) => [circle, square, rightOf].map((k) => Number(k === word)));
  return tensor(rows, [words.length, 1, 3]);
};
const sure = 40;

/** A reader that was taught by hand. */
function taught(reading: 'backward' | 'forward'): MapReader {
  const reader = new MapReader(3, 3, { maps: 1, reading });
  for (const p of reader.parameters()) p.storage.array.fill(0);
  const { move, look, open } = reader;
  const set = (p: Tensor | null, columns: number, row: number, column: number, value: number) => {
    (p as Tensor).storage.array[row * columns + column] = value;
  };
  for (const noun of [circle, square]) {
    set(move.weight, 3, 4, noun, sure); // stay
    set(look.weight, 3, noun, noun, 2 * sure); // where the image has it, σ(2 · 40 − 40), elsewhere σ(−40)
    set(open.weight, 3, 0, noun, -sure);
  }
  set(move.weight, 3, 3, rightOf, sure); // what was meant is at the left neighbor
  set(open.weight, 3, 0, rightOf, sure);
  return reader;
}

test.each([
  ['s.. c..', 0],
  ['sc. ...', 1],
  ['cs. ...', 0],
  ['..s c..', 0], // the row's end is no neighbor of the next row's beginning
  ['... .sc', 1],
])('"circle right of square" in %s: %d', (image, answer) => {
  const question = [circle, rightOf, square];
  expect(
    taught('backward')
      .forward(predicted(...question), places(image))
      .itemSync(),
  ).toBeCloseTo(answer, 5);
  const reversed = predicted(...question.toReversed());
  expect(taught('forward').forward(reversed, places(image)).itemSync()).toBeCloseTo(answer, 5);
});

test('the maps can be followed, word by word', () => {
  const words = predicted(circle, rightOf, square);
  const maps = taught('backward').follow(words, places('sc. ...'));
  const rows = maps.map((map) => Array.from(map.dataSync(), (v) => Math.round(v)).join(''));
  expect(rows).toEqual(['111111', '100000', '010000', '010000']); // all; square; right of; circle
});

test('at first, words leave the maps nearly as they are', () => {
  manualSeed(3);
  const reader = new MapReader(16, 3, { maps: 4, reading: 'backward' });
  const words = tensor(
    Array.from({ length: 3 * 16 }, (_, k) => 0.3 * Math.sin(k)),
    [3, 1, 16],
  );
  for (const found of reader.forward(words, places('sc. c.s')).dataSync()) expect(found).toBeGreaterThan(0.5);
});

const options = { vocabularySize: 6, answers: 2, form: 'map', convNet: { channels: [4], inputSize: [4, 4] } } as const;

test('questions may be about the same image, which is looked at once or was looked at before', () => {
  manualSeed(4);
  const model = new VisualQA(options).eval();
  const images = tensor(
    Array.from({ length: 2 * 3 * 16 }, (_, k) => Math.sin(0.7 * k)),
    [2, 3, 4, 4],
  );
  const question = indices([1, 2, 3, 3, 4, 1], [2, 3]);
  const answer = (how: Partial<VisualQuestions>) => Array.from(model.forward({ question, ...how }).dataSync());
  const which = [1, 0, 1];
  const rows = images.slice(0, 1, 2);
  expect(answer({ images, which }).slice(0, 2)).toEqual(
    Array.from(model.forward({ question: indices([1, 3], [2, 1]), images: rows }).dataSync()),
  );
  expect(answer({ images: model.look(images), seen: true, which })).toEqual(answer({ images, which }));
});

test('what is meant after each word is told for the words that count, in their order', () => {
  manualSeed(5);
  const images = tensor(
    Array.from({ length: 2 * 3 * 16 }, (_, k) => Math.sin(0.7 * k)),
    [2, 3, 4, 4],
  );
  const questions = { question: indices([1, 2, 3, 4, 5, 0], [3, 2]), images, lengths: [3, 2] };
  for (const reading of ['backward', 'forward'] as const) {
    const model = new VisualQA({ ...options, reading });
    const [first, second] = model.follow(questions);
    expect([first.length, second.length, first[0].length]).toEqual([3, 2, 4]);
    const alone = { question: indices([2, 4], [2, 1]), images: images.slice(0, 1, 2) };
    expect(model.follow(alone)).toEqual([second]);
    // Words only narrow: what is meant after the last that is read is the least.
    const sums = first.map((row) => row.reduce((sum, v) => sum + v, 0));
    expect(sums).toEqual(sums.toSorted((a, b) => (reading === 'backward' ? a - b : b - a)));
    expect(model.training).toBe(true);
  }
  expect(() => new VisualQA({ ...options, form: 'product' }).follow(questions)).toThrow(
    'form map goes word by word, and this is product',
  );
});

test('maps that are replaced are what the words before them read, and words may be given as vectors', () => {
  manualSeed(6);
  const model = new VisualQA({ ...options, reading: 'backward' }).eval();
  const images = tensor(
    Array.from({ length: 3 * 16 }, (_, k) => Math.sin(0.7 * k)),
    [1, 3, 4, 4],
  );
  const ids = (...words: number[]) => ({ question: indices(words, [words.length, 1]), images });
  const p = (questions: VisualQuestions) => Array.from(model.predict(questions).dataSync());
  const seen: number[] = [];
  const forgetting = changeMaps(
    ({ t, maps }) => {
      seen.push(t);
      return t === 1 ? maps.mul(0).add(1) : maps; // as before the first word that is read
    },
    () => p(ids(1, 2, 3)),
  );
  expect(seen).toEqual([2, 1, 0]);
  expect(forgetting).toEqual(p(ids(1)));
  expect(forgetting).not.toEqual(p(ids(1, 2, 3)));
  const { question } = ids(1, 2, 3);
  expect(p({ question: model.embedding.forward(question), images })).toEqual(p(ids(1, 2, 3)));
  const wrong = () =>
    changeMaps(
      () => images,
      () => p(ids(1)),
    );
  expect(wrong).toThrow('changeMaps: expected maps of shape');
});

test('what form map cannot do is told', () => {
  const make = (more: object) => () => new VisualQA({ ...options, ...more });
  expect(make({ convNet: null, featureSize: 3 })).toThrow(
    'form map goes from place to place: vectors of whole images have none; give a convNet',
  );
  expect(make({ summary: 'pooled' })).toThrow('form map goes from place to place: expected map, got "pooled"');
  expect(make({ numLayers: 2 })).toThrow('form map has 1, got 2');
  expect(make({ maps: 0 })).toThrow('maps');
  expect(make({ reading: 'sideways' })).toThrow('expected one of backward, forward, got "sideways"');
  expect(make({ convNet: null })).toThrow('expected one of them, for images or for vectors, got none');
});
