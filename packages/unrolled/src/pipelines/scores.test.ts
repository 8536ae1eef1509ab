import { expect, test } from 'vitest';
import { ranked } from './scores.ts';

const labels = Array.from({ length: 20 }, (_, k) => String(k));
const scores = Float32Array.from(labels, (_, k) => (k === 17 ? 0.5 : k / 1000));

test('labels that look like numbers are in the order of their scores, and the winner is first', () => {
  const all = ranked(labels, Float32Array.from([9, ...scores]), 1, 20);
  const rest = Array.from({ length: 16 }, (_, k) => String(15 - k));
  expect(all.map(({ label }) => label)).toEqual(['17', '19', '18', '16', ...rest]);
  expect(JSON.parse(JSON.stringify(all))[0]).toEqual({ label: '17', score: 0.5 });
});

test('of equal scores the first label stays first, and names of objects are labels like others', () => {
  const three = Float32Array.of(0.3, 0.4, 0.3);
  expect(ranked(['b', '__proto__', 'a'], three, 0, 3).map(({ label }) => label)).toEqual(['__proto__', 'b', 'a']);
  expect(ranked(['b', 'c', 'a'], Float32Array.of(0.3, 0.3, 0.3), 0, 1)).toEqual([
    { label: 'b', score: Math.fround(0.3) },
  ]);
});
