import { expect, test } from 'vitest';
import { addTo, type Delta, emptyDelta, emptyHistory } from './history.ts';
import { Portions } from './portions.ts';

const delta = (step: number): Delta => ({
  steps: [{ step, loss: 1 / step, norm: step, clipped: false }],
  validations: [{ step, loss: 2 / step, best: true, metrics: {} }],
  looks: [{ step, flow: [], gates: [] }],
  slopes: [{ step, layer: 'l0', sigma: step, growth: 1 }],
  samples: [{ step, text: `${step}` }],
  skipped: [],
});
const figuresOf = ({ looks, slopes, samples }: Delta) => [looks, slopes, samples].filter((one) => one.length > 0);

test('a portion has all steps and one kind of figure, and the portions together what was told', () => {
  const portions = new Portions();
  const [shown, whole] = [emptyHistory(), emptyHistory()];
  for (const step of [1, 2]) {
    addTo(whole, delta(step));
    portions.add(delta(step));
  }
  const first = portions.next();
  expect(first.steps.length).toBe(2);
  expect(first.validations.length).toBe(2);
  expect(figuresOf(first).length).toBe(1);
  addTo(shown, first);
  while (!portions.empty) {
    const next = portions.next();
    expect(figuresOf(next).length).toBe(1);
    addTo(shown, next);
  }
  expect(shown).toEqual(whole);
});

test('a figure that is told again and again holds up no other', () => {
  const portions = new Portions();
  const seen = new Set<string>();
  for (let step = 1; step <= 4; step++) {
    portions.add(delta(step));
    const next = portions.next();
    for (const kind of ['looks', 'slopes', 'samples'] as const) if (next[kind].length > 0) seen.add(kind);
  }
  expect(seen.size).toBe(3);
});

test('what is cleared is not shown', () => {
  const portions = new Portions();
  portions.add(delta(1));
  portions.clear();
  expect(portions.empty).toBe(true);
  expect(portions.next()).toEqual(emptyDelta());
});
