import { expect, test } from 'vitest';
import type { AnnotationSearch } from 'unrolled/analysis';
import { cellViewer } from './cell-viewer.ts';
import type { Reading } from './source.ts';

const symbols = Array.from('hello<&>');
const values = Float32Array.from({ length: symbols.length * 3 }, (_, k) => Math.sin(k));
const trace = { steps: symbols.length, tracks: [{ layer: 'l0', what: 'h', kind: 'state', size: 3, values }] };
const reading = { source: 'x', symbols, between: '', trace, language: null } as unknown as Reading;

function found(annotation: string, unit: number, yes: boolean): AnnotationSearch {
  return {
    annotation,
    found: yes,
    best: [{ layer: 'l0', what: 'h', unit, correlation: 0.5 }],
  } as unknown as AnnotationSearch;
}

/** Of the options: value, whether it is selected, what it says. */
function options(html: string) {
  return Array.from(html.matchAll(/<option value="(\d+)"( selected)?>([^<]*)</g), ([, value, selected, label]) => ({
    value: Number(value),
    selected: selected !== undefined,
    label,
  }));
}

test('where two labels have one unit, it opens on the one that the report speaks of', () => {
  const html = cellViewer(reading, [found('vowels', 2, false), found('words', 1, true), found('ends', 1, true)]);
  const chosen = options(html).filter(({ selected }) => selected);
  expect(chosen.map(({ label }) => label)).toEqual(['words: l0 h[1], r = 0.50']);
  const { names } = JSON.parse(/<script type="application\/json">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
  expect(names[chosen[0].value]).toBe('l0 h[1]');
});

test('where nothing stands for anything it opens on the nearest, and without labels on the first unit', () => {
  const nearest = options(cellViewer(reading, [found('vowels', 2, false)])).filter(({ selected }) => selected);
  expect(nearest.map(({ label }) => label)).toEqual(['vowels (no better than chance): l0 h[2], r = 0.50']);
  const none = options(cellViewer(reading, [])).filter(({ selected }) => selected);
  expect(none.map(({ label }) => label)).toEqual(['l0 h[0]']);
});

test('the colors of the page are those of the unit that it opens on', () => {
  const open = (unit: number) => cellViewer(reading, [found('a', unit, true)]).match(/<span style="[^"]*">h</)?.[0];
  expect(open(1)).not.toBe(open(2));
});
