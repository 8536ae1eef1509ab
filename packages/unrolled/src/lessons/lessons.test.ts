import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from '../index.ts';
import type { ChartFigure, TableFigure } from './figures.ts';
import { lessonHtml } from './html.ts';
import type { LessonLanguage, LessonReport } from './lesson.ts';
import { lessons } from './lessons.ts';
import type { ClipValues } from './words/clip.ts';
import type { ExplodeValues } from './words/explode.ts';
import type { GradientValues } from './words/gradient.ts';
import type { LossValues } from './words/loss.ts';
import type { LstmValues } from './words/lstm.ts';
import type { TanhValues } from './words/tanh.ts';
import type { TruncateValues } from './words/truncate.ts';
import type { UnrolledValues } from './words/unrolled.ts';
import type { AskValues } from './words/ask.ts';
import type { CaptionValues } from './words/caption.ts';
import type { NormValues } from './words/norm.ts';
import type { TranslateValues, BeamNode } from './words/translate.ts';
import type { VanishValues } from './words/vanish.ts';

const languages = ['en', 'ko'] as const satisfies readonly LessonLanguage[];
/** What each lesson measured, with few training steps: the form is looked at here, and what needs no training. */
const measured = new Map<string, object>();
const before = currentBackend();

beforeAll(async () => {
  await useBackend('wasm', { threads: 1 });
  for (const lesson of lessons) measured.set(lesson.name, await lesson.measure({ effort: 0.02 }));
}, 150_000);
afterAll(async () => void (await useBackend(before)));

const valuesOf = <V>(name: string) => measured.get(name) as V;

function reportOf(name: string, language: LessonLanguage): LessonReport {
  const lesson = lessons.find((l) => l.name === name);
  return (lesson as (typeof lessons)[number]).tell(measured.get(name) as object, language);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

interface Written {
  readonly text: string;
  readonly value: number;
  /** Half of its last digit. */
  readonly tolerance: number;
}

/** The numbers of a sentence: indices, exponents and commands are none. */
function numbersIn(text: string): Written[] {
  const plain = text
    .replaceAll(/`[^`]*`/g, ' ')
    .replaceAll(/[_^](\{[^}]*\}|[\p{L}\p{N}]+)/gu, '')
    .replaceAll(/(?<=\p{L})\d+|\d+(?=[A-Za-z])/gu, ' ')
    .replaceAll(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return Array.from(
    plain.matchAll(/(\d+(?:\.(\d+))?)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/g),
    ([written, digits, decimals = '', power = '']) => {
      const exponent = Number(Array.from(power, (c) => (c === '⁻' ? '-' : superscripts.indexOf(c))).join(''));
      const tolerance = 0.5001 * 10 ** (exponent - decimals.length);
      return { text: written, value: Number(digits) * 10 ** exponent, tolerance };
    },
  );
}

/** Every number in some plain data, those in its texts included. */
function leaves(data: unknown): number[] {
  if (typeof data === 'number') return [data];
  if (typeof data === 'string') return numbersIn(data).map(({ value }) => value);
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(leaves);
}

/** How numbers are written: as they are, in per cent, in KiB and MiB. Three digits of a large number are all that is told. */
const forms = (v: number) => [v, v * 100, v / 1024, v / 2 ** 20].map(Math.abs);
const same = ({ value, tolerance }: Written, v: number) =>
  Math.abs(v - value) <= Math.max(tolerance, Math.abs(v) * 0.0051 * Number(value >= 100));

/** Constants of a sentence that are no measurement: 50 % is chance, ln 2. */
const constants: Readonly<Record<string, readonly number[]>> = {
  shapes: [0, 1, 2],
  unrolled: [1, 2, 3, 4],
  tanh: [1, 2, 4],
  loss: [1, 4],
  vanish: [1, 40],
  parity: [50],
  lstm: [1],
  explode: [0, 1, 1.1, 0.9, 3, 10, 50],
  clip: [0],
  dropout: [50],
  caption: [1],
};

describe.each(lessons.map(({ name }) => name))('the lesson %s', (name) => {
  test.each(languages)('tells in its sentences only numbers that were measured, or set (%s)', (language) => {
    const report = reportOf(name, language);
    const set = numbersIn([report.title, report.question, report.prediction, report.experiment].join(' '));
    const known = [
      ...leaves(measured.get(name)).flatMap(forms),
      ...set.map(({ value }) => value),
      ...(constants[name] ?? []),
    ];
    const unknown = report.shows.flatMap(numbersIn).filter((written) => !known.some((v) => same(written, v)));
    expect(unknown.map(({ text }) => text)).toEqual([]);
  });

  test('shows in tables only numbers that were measured', () => {
    const known = [...leaves(measured.get(name)).flatMap(forms), ...(constants[name] ?? [])];
    for (const { header, rows } of reportOf(name, 'en').figures.filter((f): f is TableFigure => f.kind === 'table'))
      for (const row of rows) {
        expect(row.length).toBe(header.length);
        const unknown = row
          .slice(1)
          .flatMap((cell) => numbersIn(String(cell)))
          .filter((w) => !known.some((v) => same(w, v)));
        expect(unknown.map(({ text }) => text)).toEqual([]);
      }
  });

  test('draws lines through what was measured', () => {
    const known = new Set(leaves(measured.get(name)));
    for (const { chart } of reportOf(name, 'en').figures.filter((f): f is ChartFigure => f.kind === 'chart'))
      for (const { points } of chart.series) {
        const [, last] = points[points.length - 1];
        expect([...known].some((v) => v === last)).toBe(true);
      }
  });

  test('tells the same in both languages', () => {
    const [en, ko] = languages.map((language) => reportOf(name, language));
    expect(ko.figures.map(({ kind }) => kind)).toEqual(en.figures.map(({ kind }) => kind));
    expect(ko.shows.length).toBe(en.shows.length);
    const measuredIn = ({ shows }: LessonReport) =>
      shows.map((line) =>
        [...new Set(numbersIn(line).flatMap(({ text }) => (text.includes('.') ? [text] : [])))].toSorted(),
      );
    expect(measuredIn(ko)).toEqual(measuredIn(en));
    for (const text of [ko.title, ko.question, ko.prediction, ko.experiment, ...ko.limits])
      expect(text).toMatch(/[가-힣]|^GRU$/);
  });

  test.each(languages)('is a page without a script, a foreign address or a number that is none (%s)', (language) => {
    const html = lessonHtml(reportOf(name, language), { next: { name: 'next', title: 'Next' } });
    expect(html).not.toMatch(/<script|NaN|undefined|\[object|https?:\/\/(?!www\.w3\.org)/);
    expect(html).toContain('npx unrolled lesson next');
  });

  test('has guesses, one of which the numbers say is right, and says what it does not show', () => {
    const { prediction, limits, experiment, choices, answer } = reportOf(name, 'en');
    expect(new Set(choices).size).toBe(choices.length);
    expect(choices[answer]).toBeDefined();
    expect([reportOf(name, 'ko').choices.length, reportOf(name, 'ko').answer]).toEqual([choices.length, answer]);
    expect([prediction.length > 20, experiment.length > 20, limits.length > 0]).toEqual([true, true, true]);
  });

  test('is measured in plain data', () => {
    const values = measured.get(name);
    expect(JSON.parse(JSON.stringify(values))).toEqual(values);
  });
});

test('a page groups the counts of a table, and takes them for numbers', () => {
  const figures = [{ kind: 'table', header: ['cell', 'parameters'], rows: [['LSTM', 12345]] }] as const;
  const html = lessonHtml({ ...reportOf('gru', 'en'), figures });
  expect(html).toContain('<td class="number">12,345</td>');
});

test('every lesson has a name of its own', () => {
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
});

describe('the numbers', () => {
  test('unrolled: the states and scores of the slide, and o where e is asked for', () => {
    const { steps, stackedDifference } = valuesOf<UnrolledValues>('unrolled');
    const h = [
      [0.3, -0.1, 0.9],
      [0.995, 0.3, 0.1],
      [0.1, -0.5, -0.3],
      [-0.3, 0.9, 0.7],
    ];
    const y = [
      [1.0, 2.2, -3.0, 4.1],
      [0.5, 0.3, -1.0, 1.2],
      [0.1, 0.5, 1.9, -1.1],
      [0.2, -1.5, -0.1, 2.2],
    ];
    for (const [t, step] of steps.entries()) {
      for (const [i, v] of step.h.entries()) expect(Math.abs(v - h[t][i])).toBeLessThan(1e-12);
      for (const [i, v] of step.y.entries()) expect(Math.abs(v - y[t][i])).toBeLessThan(1e-12);
    }
    expect([steps[0].best, steps[0].target, steps[0].fromState]).toEqual(['o', 'e', [0, 0, 0]]);
    expect(stackedDifference).toBeLessThan(1e-15);
  });

  test('loss: the losses of the slide, to their last digit', () => {
    const { losses, sum, mean } = valuesOf<LossValues>('loss');
    const printed = [2.078517, 2.900102, 0.379588, 0.231364];
    for (const [k, loss] of losses.entries()) expect(Math.abs(loss - printed[k])).toBeLessThan(5e-7);
    expect(sum).toBeCloseTo(5.589571, 6);
    expect(mean).toBeCloseTo(1.397393, 6);
  });

  test('gradient: the first is 0, and the sum is what differences of the loss say', () => {
    const { steps, whole, difference } = valuesOf<GradientValues>('gradient');
    expect(steps[0].matrix.flat().every((v) => v === 0)).toBe(true);
    expect(difference).toBeLessThan(1e-14);
    // The slide's network by hand, with one weight moved by ±ε.
    const { weights, steps: run } = valuesOf<UnrolledValues>('unrolled');
    const lossWith = (hh: readonly (readonly number[])[]) => {
      let h = [0, 0, 0];
      let loss = 0;
      for (const { x, target } of run) {
        const before = h;
        h = hh.map((row, i) =>
          Math.tanh(x.reduce((s, v, j) => s + v * weights.xh[i][j], 0) + row.reduce((s, w, j) => s + w * before[j], 0)),
        );
        const y = weights.hy.map((row, k) => weights.by[k] + row.reduce((s, w, j) => s + w * h[j], 0));
        loss -= y['helo'.indexOf(target)] - Math.log(y.reduce((s, v) => s + Math.exp(v), 0));
      }
      return loss;
    };
    const eps = 1e-6;
    for (const [i, row] of whole.entries())
      for (const [j, v] of row.entries()) {
        const moved = (d: number) => weights.hh.map((r, k) => r.map((w, l) => (k === i && l === j ? w + d : w)));
        expect((lossWith(moved(eps)) - lossWith(moved(-eps))) / (2 * eps)).toBeCloseTo(v, 7);
      }
  });

  test('tanh: three straight layers are one, and 1 − tanh² is the slope', () => {
    const { differenceFromOneLayer, curve, scalars, product } = valuesOf<TanhValues>('tanh');
    expect(differenceFromOneLayer).toBeLessThan(1e-6);
    for (const { x, slope } of curve) expect(slope).toBeCloseTo(1 - Math.tanh(x) ** 2, 12);
    for (const { x, straight, one } of scalars)
      expect([straight, one]).toEqual([expect.closeTo(product * x, 12), expect.closeTo(product * x, 12)]);
  });

  test('explode: ρ^T to 1e-9, and never above the bound', () => {
    const { linear, tanh } = valuesOf<ExplodeValues>('explode');
    for (const { after, exact } of linear) expect(Math.abs(after - exact)).toBeLessThanOrEqual(1e-9);
    expect(tanh.calm.after).toBeGreaterThan(1000);
    expect(tanh.calm.after).toBeLessThanOrEqual(tanh.bound);
    expect(tanh.driven.after).toBeLessThan(1);
  });

  test('vanish: as many factors as there are steps are what is left', () => {
    const { networks, steps, bounded } = valuesOf<VanishValues>('vanish');
    for (const { factor, after, halfLife } of networks) {
      expect(factor ** steps).toBeCloseTo(after, 12);
      expect(factor ** halfLife).toBeCloseTo(0.5, 12);
    }
    expect(bounded.after).toBeLessThanOrEqual(bounded.bound);
  });

  test('clip: the gradient is that of the formula, only the clipped descent arrives, and a norm keeps the direction', () => {
    const v = valuesOf<ClipValues>('clip');
    // d/dw (w^50 · 0.5 − 0.7)² = 2 (0.5 w^50 − 0.7) · 25 w^49
    expect(v.firstGradient).toBeCloseTo(2 * (0.5 * 1.04 ** 50 - 0.7) * 25 * 1.04 ** 49, 8);
    expect([v.without.loss > 0.4, v.with.loss < 0.01]).toEqual([true, true]);
    expect(v.byNorm.cosine).toBeCloseTo(1, 12);
    expect(v.byNorm.after.map((g) => g * 13)).toEqual([expect.closeTo(12, 10), expect.closeTo(5, 10)]);
    expect(v.byValue.after).toEqual([1, 1]);
  });

  test('lstm: on the carousel nothing is lost, exactly; and the opened unit does what the equations say', () => {
    const { carousel, opened } = valuesOf<LstmValues>('lstm');
    expect(carousel[0].after).toBe(1);
    for (const { f, i, g, o, before, c, h } of opened.steps) {
      expect(f * before + i * g).toBeCloseTo(c, 5);
      expect(o * Math.tanh(c)).toBeCloseTo(h, 5);
    }
  });

  test('truncate: a window keeps as much less memory as it is shorter', () => {
    const { costs } = valuesOf<TruncateValues>('truncate');
    const [small, , , whole] = costs.map(({ bytes }) => bytes as number);
    expect(small).toBeGreaterThan(0);
    expect(whole / small).toBeGreaterThan(40);
    expect(costs.map(({ updates }) => updates)).toEqual([64, 16, 4, 1]);
  });

  test('translate: the tree of the beam ends in what the library’s beam search finds', () => {
    const { search, map } = valuesOf<TranslateValues>('translate');
    const kept: { text: string; logProbability: number }[] = [];
    const walk = (node: BeamNode, text: string) => {
      const here = node.symbol.length === 1 && /[a-z]/.test(node.symbol) ? text + node.symbol : text;
      if (node.kept && node.symbol === 'END') kept.push({ text: here, logProbability: node.logProbability });
      for (const child of node.children) walk(child, here);
    };
    walk(search.tree, '');
    for (const { text, logProbability } of kept)
      if (text === search.beam.text) expect(logProbability).toBeCloseTo(search.beam.logProbability, 4);
    for (const row of map.weights) expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  });

  test('caption and ask: what is drawn is a distribution', () => {
    for (const { maps } of valuesOf<CaptionValues>('caption').shown)
      for (const map of maps) expect(map.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    for (const { p } of valuesOf<AskValues>('ask').shown)
      expect(p.reduce((sum, { p: part }) => sum + part, 0)).toBeCloseTo(1, 5);
  });

  test('norm: a step with layer norm is the same with weights ten times as large', () => {
    const { tenfold } = valuesOf<NormValues>('norm');
    expect(tenfold.normed).toBeLessThan(1e-3);
    expect(tenfold.plain).toBeGreaterThan(0.1);
  });
});
