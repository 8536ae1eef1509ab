import { expect, test } from 'vitest';
import { styleFor } from './style.ts';
import { timelineText } from './timeline.ts';

const plain = styleFor({ write: () => true }, {});

test('a column for every frame, a letter for every label, and when each stretch was', () => {
  const lines = timelineText(
    { predicted: ['up', 'up', 'down'], target: ['up', 'down', null], confidence: [1, 0.5, 0.9], rate: 2 },
    plain,
  );
  expect(lines.slice(0, 2)).toEqual(['predicted  aab', 'target     ab ']);
  expect(lines.join('\n')).toMatch(/a +up +0\.0 s – 1\.0 s +0\.75/);
  expect(lines.join('\n')).toMatch(/b +down +1\.0 s – 1\.5 s +0\.90/);
});

test('a long video is made as wide as the terminal', () => {
  const predicted = Array.from({ length: 1000 }, (_, t) => (t < 500 ? 'a' : 'b'));
  const [line] = timelineText({ predicted }, plain, 51);
  expect(line).toBe(`predicted  ${'a'.repeat(20)}${'b'.repeat(20)}`);
});
