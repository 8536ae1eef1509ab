import { expect, test } from 'vitest';
import { lessons } from '../lessons.ts';
import type { ChartFigure } from '../figures.ts';
import { lessonExplorers } from './index.ts';

const entries = Object.entries(lessonExplorers) as [string, NonNullable<(typeof lessonExplorers)[string]>][];

test.each(entries)(
  '%s: every parameter moves what is shown, at both ends too, in both languages',
  async (name, explorer) => {
    expect(lessons.some((lesson) => lesson.name === name)).toBe(true);
    const usual = await explorer.explore({}, 'en');
    expect(usual.figures.length).toBeGreaterThan(0);
    for (const { name: parameter, min, max } of explorer.parameters('en')) {
      for (const value of [min, max]) {
        const moved = await explorer.explore({ [parameter]: value }, 'en');
        expect(moved.says).not.toBe(usual.says);
        expect(JSON.stringify(moved.figures)).not.toMatch(/null|NaN/);
      }
      const beyond = () => explorer.explore({ [parameter]: max + 1 }, 'en');
      await expect(beyond()).rejects.toThrow(`lessonExplorers.${name}: ${parameter}: expected a number from`);
    }
    const korean = await explorer.explore({}, 'ko');
    expect(korean.says).toMatch(/[가-힣]/);
    expect(explorer.parameters('ko').every(({ label }) => /[가-힣]/.test(label))).toBe(true);
  },
);

test('the numbers are those of the formulas', async () => {
  const { figures } = (await lessonExplorers.explode?.explore({ rho: 0.9, steps: 30 }, 'en')) ?? { figures: [] };
  const [{ points }] = (figures[0] as ChartFigure).chart.series;
  for (const [k, value] of points) expect(value).toBeCloseTo(0.9 ** k, 9);
});
