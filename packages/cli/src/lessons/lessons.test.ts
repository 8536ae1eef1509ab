import { describe, expect, test } from 'vitest';
import { lineChart } from 'unrolled/analysis';
import { languageOf } from '../commands/lesson.ts';
import { styleFor } from '../terminal/index.ts';
import { clip } from './clip.ts';
import { explode } from './explode.ts';
import { gruLesson } from './gru.ts';
import { hello } from './hello.ts';
import { lessons } from './index.ts';
import type { Told } from './lesson.ts';
import { lstm } from './lstm.ts';
import { short } from './numbers.ts';
import { pageOf } from './page.ts';
import { linesOf } from './show.ts';
import { tanh } from './tanh.ts';
import { en } from './texts/en.ts';
import { ko } from './texts/ko.ts';

const silent = async () => {};
const plain = styleFor({ write: () => true }, {});

describe('lessons', () => {
  test('hello: the numbers of the slide, to their last digit, and a network that says it', async () => {
    const { values } = (await hello.run(en, silent)) as Told & {
      values: { losses: number[]; sum: number; mean: number; trained: { decoded: string } };
    };
    const printed = [2.078517, 2.900102, 0.379588, 0.231364];
    for (const [k, loss] of values.losses.entries()) expect(Math.abs(loss - printed[k])).toBeLessThan(5e-7);
    expect(values.sum).toBeCloseTo(5.589571, 6);
    expect(values.mean).toBeCloseTo(1.397393, 6);
    expect(values.trained.decoded).toBe('ello');
  });

  test('explode: ρ^T to 1e-9', async () => {
    const { values } = (await explode.run(en, silent)) as Told & {
      values: { linear: { after: number; exact: number }[] };
    };
    for (const { after, exact } of values.linear) expect(Math.abs(after - exact)).toBeLessThanOrEqual(1e-9);
  });

  test('lstm: on the carousel nothing is lost, exactly', async () => {
    const { values } = (await lstm.run(en, silent)) as Told & { values: { carousel: { after: number }[] } };
    expect(values.carousel[0].after).toBe(1);
  });

  test('clip: the direction stays and the length is θ; only the clipped descent arrives', async () => {
    const { values } = (await clip.run(en, silent)) as Told & {
      values: { clipping: { cosine: number; after: number }; without: { loss: number }; with: { loss: number } };
    };
    expect(Math.abs(values.clipping.cosine - 1)).toBeLessThanOrEqual(1e-12);
    expect(values.clipping.after).toBeCloseTo(1, 12);
    expect(values.with.loss).toBeLessThan(0.01);
    expect(values.without.loss).toBeGreaterThan(0.4);
  });

  test('clip: one gradient has one norm, in the table and in the words, and both descents are shown', async () => {
    const told = await clip.run(en, silent);
    const { firstGradient } = told.values as { firstGradient: number };
    // d/dw (w^50 · 0.5 − 0.7)² = 2 (0.5 w^50 − 0.7) · 25 w^49 at w = 1.04
    expect(firstGradient).toBeCloseTo(2 * (0.5 * 1.04 ** 50 - 0.7) * 25 * 1.04 ** 49, 8);
    const tables = told.figures.flatMap((f) => (f.kind === 'table' ? [f.table.rows] : []));
    expect(tables.at(-1)?.[0].slice(1)).toEqual(['975', 1, '1', '1.000000000000']);
    expect(told.conclusion[0]).toContain('The first gradient is 975.');
    const charts = told.figures.flatMap((f) => (f.kind === 'chart' ? [f.chart] : []));
    for (const { series } of charts)
      expect(series.map(({ name }) => name)).toEqual(expect.arrayContaining(['without clipping', 'with clipping']));
    const lines = linesOf(told, en, { style: plain, width: 80 }).join('\n');
    expect(lines).toMatch(/without clipping +\S+ +1\.04 → 0\.0651/);
    expect(lines).toMatch(/with clipping +\S+ +1\.04 → 1\.01/);
  });

  test('gru: the chart ends where the table says', async () => {
    const told = await gruLesson(50).run(en, silent);
    const [table, chart] = told.figures;
    if (table.kind !== 'table' || chart.kind !== 'chart') throw new Error('expected a table and a chart');
    const { cells } = told.values as { cells: { error: number }[] };
    for (const [k, { points }] of chart.chart.series.entries()) {
      expect(points.at(-1)?.[1]).toBe(cells[k].error);
      expect(table.table.rows[k][2]).toBe(short(cells[k].error));
    }
  });

  test('tanh: three straight layers are one, and cannot learn what three bent ones can', async () => {
    const { values } = (await tanh.run(ko, silent)) as Told & {
      values: { differenceFromOneLayer: number; linear: { loss: number }; tanh: { right: number } };
    };
    expect(values.differenceFromOneLayer).toBeLessThan(1e-6);
    expect(values.linear.loss).toBeGreaterThan(0.69);
    expect(values.tanh.right).toBe(4);
  });

  test('are told in both languages, with the same figures, in the terminal and as a page', async () => {
    const [told, korean] = [await lstm.run(en, silent), await lstm.run(ko, silent)];
    expect(korean.values).toEqual(told.values);
    expect(korean.figures.map(({ kind }) => kind)).toEqual(told.figures.map(({ kind }) => kind));
    const lines = linesOf(told, en, { style: plain, width: 80 });
    expect(lines[0]).toBe('The LSTM and the constant error carousel');
    expect(lines.join('\n')).toContain('LSTM, f = 0.9');
    const page = pageOf(korean, ko, 'ko');
    expect(page).toContain('<html lang="ko">');
    expect(page).toContain('오차 회전목마');
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    for (const f of told.figures) if (f.kind === 'chart') expect(page).toContain(lineChart(f.chart).slice(0, 30));
  });

  test('every lesson has its words, in both languages', () => {
    const names = lessons.map(({ name }) => name);
    expect(Object.keys(en.lessons).toSorted()).toEqual([...names].toSorted());
    expect(Object.keys(ko.lessons)).toEqual(Object.keys(en.lessons));
  });

  test("the terminal's locale chooses the language", () => {
    expect(languageOf({ LANG: 'ko_KR.UTF-8' })).toBe('ko');
    expect(languageOf({ LANG: 'ko_KR.UTF-8', LC_ALL: 'en_US.UTF-8' })).toBe('en');
    expect(languageOf({})).toBe('en');
  });
});
