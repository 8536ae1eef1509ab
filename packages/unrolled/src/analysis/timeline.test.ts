import { expect, test } from 'vitest';
import { segmentsOf, timeline } from './timeline.ts';

test('stretches of one label are segments; frames without a label are in none', () => {
  expect(segmentsOf(['a', 'a', 'b', 'a'])).toEqual([
    { label: 'a', start: 0, end: 2 },
    { label: 'b', start: 2, end: 3 },
    { label: 'a', start: 3, end: 4 },
  ]);
  expect(segmentsOf(['a', null, null, 'b'])).toEqual([
    { label: 'a', start: 0, end: 1 },
    { label: 'b', start: 3, end: 4 },
  ]);
  expect(segmentsOf([])).toEqual([]);
});

test('what was said and what is true stand under each other, a label in one shade in both', () => {
  const svg = timeline({ predicted: ['a', 'a', 'b', 'b'], target: ['a', 'b', 'b', 'b'] }, { title: 'A clip' });
  const rects = [
    ...svg.matchAll(/<rect class="f(\d)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"[^>]*><title>(\w): (\d) – (\d)/g),
  ];
  expect(rects.map((m) => [m[5], Number(m[6]), Number(m[7])])).toEqual([
    ['a', 0, 2],
    ['b', 2, 4],
    ['a', 0, 1],
    ['b', 1, 4],
  ]);
  expect(rects[0][1]).toBe(rects[2][1]);
  expect(rects[1][1]).toBe(rects[3][1]);
  expect(rects[0][1]).not.toBe(rects[1][1]);
  expect(Number(rects[1][2])).toBeGreaterThan(Number(rects[3][2])); // said later than it is true
  expect(svg).toContain('>A clip</text>');
});

test('with a rate the times are seconds', () => {
  const svg = timeline({ predicted: Array.from({ length: 50 }, (_, t) => (t < 20 ? 'left' : 'right')) }, { rate: 25 });
  expect(svg).toContain('<title>left: 0 s – 0.8 s</title>');
  expect(svg).toContain('>seconds</text>');
});

test('labels that look like markup are text', () => {
  expect(timeline({ predicted: ['<b>&"'] })).toContain('&lt;b&gt;&amp;&quot;: 0 – 1');
});

test('lists of different lengths are refused', () => {
  expect(() => timeline({ predicted: ['a'], target: ['a', 'b'] })).toThrow(
    'timeline: target: expected one for each of 1 frames, got 2',
  );
  expect(() => timeline({ predicted: ['a'], confidence: [] })).toThrow('timeline: confidence');
  expect(() => timeline({ predicted: [] })).toThrow('expected a label for one frame or more');
});
