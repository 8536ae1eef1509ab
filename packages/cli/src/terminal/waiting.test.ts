import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WaitingLine } from './waiting.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function lineOn(isTTY: boolean) {
  const written: string[] = [];
  return { line: new WaitingLine({ isTTY, write: (text: string) => written.push(text) }), written };
}

test('a wait of a second needs no line; from there it is redrawn ten times a second, and cleared', () => {
  const { line, written } = lineOn(true);
  for (const [ms, text] of [
    [999, 'a'],
    [1, 'b'],
    [99, 'c'],
    [1, 'd'],
  ] as const) {
    vi.advanceTimersByTime(ms);
    line.show(text);
  }
  line.clear();
  expect(written).toEqual(['\r\x1b[Kb', '\r\x1b[Kd', '\r\x1b[K']);
});

test('a line that was never drawn is not cleared, and outside of a terminal there is none', () => {
  const short = lineOn(true);
  short.line.show('a');
  short.line.clear();
  const file = lineOn(false);
  vi.advanceTimersByTime(5000);
  file.line.show('a');
  file.line.clear();
  new WaitingLine(null).show('a');
  expect([...short.written, ...file.written]).toEqual([]);
});
