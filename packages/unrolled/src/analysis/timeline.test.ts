import { expect, test } from 'vitest';
import { segmentsOf, timeline, timelineLegend, timelineMargins } from './timeline.ts';

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

test('predicted and target labels are aligned, with one color per label', () => {
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

test('timelines with the same list of labels have one palette, and a legend has it too', () => {
  const colorOf = (svg: string, label: string) => new RegExp(`class="f(\\d)"[^>]*><title>${label}:`).exec(svg)?.[1];
  const labels = ['still', 'left', 'right'];
  const [one, other] = [['right', 'still'], ['left', 'right']].map((predicted) => timeline({ predicted }, { labels })); // biome-ignore format: a line
  expect(colorOf(one, 'right')).toBe('2');
  expect(colorOf(other, 'right')).toBe('2');
  const legend = timelineLegend(labels);
  expect([...legend.matchAll(/class="f(\d)"[^>]*><text[^>]*>(\w+)/g)].map((m) => [m[1], m[2]])).toEqual([
    ['0', 'still'],
    ['1', 'left'],
    ['2', 'right'],
  ]);
});

test('frames lie between the margins, and each shows its confidence under the pointer', () => {
  const svg = timeline({ predicted: ['a', 'b'], confidence: [0.5, 0.876] }, { rate: 2 });
  const rects = [...svg.matchAll(/<rect x="([\d.]+)"[^>]* width="([\d.]+)"[^>]*><title>([^<]*)/g)].map((m) => [Number(m[1]), Number(m[2]), m[3]]); // biome-ignore format: a line
  const width = (440 - timelineMargins.left - timelineMargins.right) / 2;
  expect(rects).toEqual([
    [timelineMargins.left, width, 'a 0.50 at 0 s'],
    [timelineMargins.left + width, width, 'b 0.88 at 0.5 s'],
  ]);
});
