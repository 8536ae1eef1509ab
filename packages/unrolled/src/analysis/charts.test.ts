import { describe, expect, test } from 'vitest';
import { forecastPlot } from './forecast-plot.ts';
import { heatMap } from './heat-map.ts';
import { lineChart } from './line-chart.ts';
import { powerLabel, ticks, tickLabel, wrapText } from './svg.ts';

const pointsOf = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)"/g)].map((m) =>
    [...m[1].matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, px, py]) => [Number(px), Number(py)]),
  );

describe('lineChart', () => {
  test('on a logarithmic axis a constant factor a step is a straight line', () => {
    const [line] = pointsOf(
      lineChart({ yScale: 'log', series: [{ name: 'a', points: [0, 1, 2, 3, 4].map((k) => [k, 0.1 ** k]) }] }),
    );
    const falls = line.slice(1).map(([, y], k) => y - line[k][1]);
    for (const fall of falls) expect(fall).toBeCloseTo(falls[0], 1);
    expect(falls[0]).toBeGreaterThan(10);
  });

  test('lifts the pen at zero on a logarithmic axis and at what is not finite on any', () => {
    const points = [1, 2, 0, 4, 5].map((y, x) => [x, y] as const);
    expect(lineChart({ yScale: 'log', series: [{ name: 'a', points }] }).match(/M[\d.]+ /g)?.length).toBe(2);
    const holes = [1, Number.NaN, 3, 4].map((y, x) => [x, y] as const);
    const svg = lineChart({ series: [{ name: 'a', points: holes }] });
    expect(svg).not.toContain('NaN');
  });

  test('draws a line that does not change, one point, and names with signs of XML', () => {
    expect(lineChart({ series: [{ name: 'a', points: [[1, 3], [2, 3]] }] })).not.toContain('NaN'); // biome-ignore format: short
    expect(lineChart({ series: [{ name: '<a & b>', points: [[1, 3]] }], yScale: 'log' })).toContain(
      '&lt;a &amp; b&gt;',
    );
  });

  test('draws more points than a call has arguments', () => {
    const values = Float64Array.from({ length: 150_000 }, (_, k) => Math.sin(k));
    const points = Array.from(values, (y, x) => [x, y] as const);
    expect(lineChart({ series: [{ name: 'a', points }] })).toContain('<path');
    expect(forecastPlot({ history: values, forecast: [0.5] })).toContain('<path');
  });

  test('says when there is nothing to draw', () => {
    expect(() => lineChart({ yScale: 'log', series: [{ name: 'a', points: [[0, 0]] }] })).toThrow(
      'lineChart: series: there is no finite number to draw on these scales',
    );
  });
});

describe('heatMap', () => {
  const depths = (svg: string) => [...svg.matchAll(/fill-opacity="([\d.]+)"><title>/g)].map((m) => Number(m[1]));

  test('the deeper the color, the greater the value, by its logarithm where asked', () => {
    const [a, b, c] = depths(heatMap({ rows: [{ name: 'a', values: [0.01, 0.1, 1] }], scale: 'log' }));
    expect(c).toBe(1);
    expect(b - a).toBeCloseTo(c - b, 2);
  });

  test('joins columns where there are more than can be told apart, and leaves out what has no value', () => {
    expect(depths(heatMap({ rows: [{ name: 'a', values: new Float64Array(300).fill(2) }] })).length).toBe(100);
    expect(depths(heatMap({ rows: [{ name: 'a', values: [1, Number.NaN, 0, 2] }], scale: 'log' })).length).toBe(2);
    expect(() => heatMap({ rows: [{ name: 'a', values: [0] }], scale: 'log' })).toThrow('no finite number');
  });
});

test('ticks are round and enclose their range', () => {
  expect(ticks(0.13, 0.94, 5)).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  expect(tickLabel(0.6000000000000001, 0.2)).toBe('0.6');
  expect(powerLabel(-12)).toBe('10⁻¹²');
  expect(wrapText('one two three', 60)).toEqual(['one two', 'three']);
});
