import { describe, expect, test } from 'vitest';
import { forecastPlot } from './forecast-plot.ts';

const plot = {
  history: [1, 3, 2, 4],
  forecast: [3, 5],
  band: { low: [2, 3], high: [4, 7], label: '80 %' },
  target: [3.5],
  title: 'a < b & c',
};

describe('forecastPlot', () => {
  test('draws history, forecast, band and truth, each once, joined at the present', () => {
    const svg = forecastPlot(plot);
    const paths = [...svg.matchAll(/<path d="([^"]*)"/g)].map((m) => m[1]);
    expect(paths.length).toBe(4);
    const [band, history, target, forecast] = paths.map((d) => d.match(/[ML][^MLZ]+/g) as string[]);
    expect([band, history, target, forecast].map((points) => points.length)).toEqual([6, 4, 2, 3]);
    const present = history[3].slice(1);
    for (const points of [band, target, forecast]) expect(points[0].slice(1)).toBe(present);
    expect(svg).toContain('a &lt; b &amp; c');
    expect(svg).toContain('80 %');
  });

  test('time runs to the right and larger values stand higher, within the image', () => {
    const svg = forecastPlot({ ...plot, width: 400, height: 200 });
    const history = [...svg.matchAll(/<path d="([^"]*)"/g)][1][1];
    const points = [...history.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    expect(points.every(([px], k) => k === 0 || px > points[k - 1][0])).toBe(true);
    expect(points[3][1]).toBeLessThan(points[0][1]);
    for (const [px, py] of points) expect(px > 0 && px < 400 && py > 0 && py < 200).toBe(true);
  });

  test('a hole in the history lifts the pen', () => {
    const svg = forecastPlot({ ...plot, history: [1, 2, Number.NaN, 4, 5] });
    const history = [...svg.matchAll(/<path d="([^"]*)"/g)][1][1];
    expect(history.match(/M/g)?.length).toBe(2);
    expect(svg).not.toContain('NaN');
  });

  test('draws a line that does not change, and a forecast without history', () => {
    expect(forecastPlot({ history: [3, 3], forecast: [3] })).not.toContain('NaN');
    expect(forecastPlot({ history: [], forecast: [0] })).not.toContain('NaN');
  });

  test('refuses what cannot be drawn', () => {
    expect(() => forecastPlot({ history: [1], forecast: [] })).toThrow('expected at least one value');
    expect(() => forecastPlot({ ...plot, band: { low: [1], high: [2] } })).toThrow(
      'forecastPlot: band: expected 2 values below and above, got 1 and 1',
    );
    expect(() => forecastPlot({ history: [Number.NaN], forecast: [Number.NaN] })).toThrow('no finite number');
  });
});
