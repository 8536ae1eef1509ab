import { expect, test } from 'vitest';
import { tensor } from '../tensor/create.ts';
import { fillEmbedding, readWordVectors } from './word-vectors.ts';

const read = (text: string, ...wanted: string[]) => readWordVectors(text.split('\n'), new Set(wanted), 'x.vec');

test('GloVe has vectors alone, word2vec and fastText a first line with their number and width', async () => {
  const glove = await read('the 1 2\ncat -0.5 1e-1\n', 'cat', 'dog');
  expect(glove).toMatchObject({ size: 2, lines: 2 });
  expect([...glove.vectors]).toEqual([['cat', Float32Array.of(-0.5, 0.1)]]);
  const fast = await read('2 3\nthe 1 2 3 \ncat 4 5 6 \n', 'the', 'cat');
  expect(fast).toMatchObject({ size: 3, lines: 2 });
  expect([...fast.vectors.keys()]).toEqual(['the', 'cat']);
});

test('a word may have spaces where the first line says how wide a vector is; of one that comes twice the first counts', async () => {
  const { vectors } = await read('3 2\n. . . 1 2\nat name 3 4\nat name 5 6', '. . .', 'at name');
  expect(vectors.get('. . .')).toEqual(Float32Array.of(1, 2));
  expect(vectors.get('at name')).toEqual(Float32Array.of(3, 4));
});

test('what is damaged is named by its line', async () => {
  await expect(read('the 1 2\ncat 3', 'cat')).rejects.toThrow(
    'x.vec: line 2: expected a word and 2 numbers, got "cat 3"',
  );
  await expect(read('the 1 2\ncat 3 x', 'cat')).rejects.toThrow(
    'line 2: the vector of "cat" has "x", which is no finite number',
  );
  await expect(read('the', 'the')).rejects.toThrow(
    'expected a word and 1 to 65536 numbers on each line, got 0 numbers',
  );
  await expect(read('', 'the')).rejects.toThrow('holds no vectors');
  await expect(read('1 99999999999', 'the')).rejects.toThrow('got 99999999999 numbers');
});

test('rows with a word get its vector, the others the same deviation', async () => {
  const found = await read('The 3 4\ncat 0 5', 'The', 'cat', 'the');
  const embedding = tensor([9, 9, 1, 1, 1, -1, 2, 0], [4, 2]);
  expect(fillEmbedding(embedding, [null, 'cat', 'dog', 'The'], found)).toBe(2);
  const values = embedding.dataSync();
  expect([...values.slice(2, 4), ...values.slice(6)]).toEqual([0, 5, 3, 4]);
  // Vectors: √((0 + 25 + 9 + 16) / 4) = √12.5; the table: √((162 + 2 + 2 + 4) / 8) = √21.25.
  const factor = Math.sqrt(12.5 / 21.25);
  expect(values[0]).toBeCloseTo(9 * factor, 5);
  expect(values[5]).toBeCloseTo(-factor, 5);
  expect(() => fillEmbedding(tensor([1, 2, 3], [1, 3]), ['cat'], found)).toThrow(
    'size: expected a whole number from 3',
  );
  const lower = await read('the 1 1', 'the');
  expect(fillEmbedding(tensor([0, 0], [1, 2]), ['THE'], lower)).toBe(1);
});
