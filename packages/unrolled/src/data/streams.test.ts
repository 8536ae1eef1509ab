import { describe, expect, test } from 'vitest';
import { StreamBatcher } from './streams.ts';

const count = (n: number) => Int32Array.from({ length: n }, (_, i) => i);

describe('StreamBatcher', () => {
  test('reads B contiguous streams side by side, time first, each target the symbol after its input', () => {
    const batcher = new StreamBatcher(count(13), { streams: 2, windowLength: 3 });
    expect(batcher.windowsPerEpoch).toBe(2);
    expect(batcher.next()).toEqual({
      input: Int32Array.of(0, 6, 1, 7, 2, 8),
      target: Int32Array.of(1, 7, 2, 8, 3, 9),
      fresh: true,
    });
    expect(batcher.next()).toEqual({
      input: Int32Array.of(3, 9, 4, 10, 5, 11),
      target: Int32Array.of(4, 10, 5, 11, 6, 12),
      fresh: false,
    });
    expect(batcher.next().fresh).toBe(true);
  });

  test('goes on at a saved position', () => {
    const options = { streams: 3, windowLength: 4 };
    const [a, b] = [new StreamBatcher(count(100), options), new StreamBatcher(count(100), options)];
    for (let k = 0; k < 5; k++) a.next();
    b.position = a.position;
    expect(b.next()).toEqual(a.next());
    expect(() => (b.position = 99)).toThrow('was the data changed?');
  });

  test('an epoch reads every target of the streams once, the rest in a shorter window', () => {
    const batcher = new StreamBatcher(count(24), { streams: 2, windowLength: 4 });
    const targets = [...batcher.epoch()].flatMap((w) => [...w.target]).sort((x, y) => x - y);
    expect(targets).toEqual([...count(11).map((i) => i + 1), ...count(11).map((i) => i + 12)]);
    expect(batcher.position).toBe(0);
  });

  test('a range of windows is the split that char-rnn makes: the end of every stream', () => {
    const all = new StreamBatcher(count(101), { streams: 5, windowLength: 2 });
    const train = new StreamBatcher(count(101), { streams: 5, windowLength: 2, to: 8 });
    const validation = new StreamBatcher(count(101), { streams: 5, windowLength: 2, from: 8 });
    expect([all.windowsPerEpoch, train.windowsPerEpoch, validation.windowsPerEpoch]).toEqual([10, 8, 2]);
    const last = [...all.epoch()].slice(8).map((w) => w.input);
    expect([...validation.epoch()].map((w) => w.input)).toEqual(last);
  });

  test('streams, windows and ranges are whole and there', () => {
    for (const n of [0, -1, 1.5, '2' as unknown as number]) {
      expect(() => new StreamBatcher(count(50), { streams: n, windowLength: 2 })).toThrow('streams: expected a whole');
      expect(() => new StreamBatcher(count(50), { streams: 2, windowLength: n })).toThrow(
        'windowLength: expected a whole',
      );
    }
    const range = (from: number, to: number) => () =>
      new StreamBatcher(count(21), { streams: 2, windowLength: 2, from, to });
    expect(range(0, 5)().windowsPerEpoch).toBe(5);
    for (const [from, to] of [[-1, 2], [2, 2], [3, 2], [0, 6], [0.5, 2]]) // biome-ignore format: one line
      expect(range(from, to)).toThrow(`expected a range in the 5 windows there are, got ${from} to ${to}`);
    expect(range('0' as unknown as number, 2)).toThrow('got "0" (a string) to 2');
  });

  test('a position is one of its windows', () => {
    const batcher = new StreamBatcher(count(21), { streams: 2, windowLength: 2 });
    for (const window of [0, 4]) {
      batcher.position = window;
      expect(batcher.position).toBe(window);
    }
    for (const window of [5, -1, 0.5])
      expect(() => (batcher.position = window)).toThrow('expected a window from 0 to 4');
  });

  test('a sequence that is too short says what would fit', () => {
    const tooShort = (symbols: number, streams: number) => () => new StreamBatcher(count(symbols), { streams, windowLength: 9 }); // biome-ignore format: one line
    expect(tooShort(5, 4)).toThrow('4 streams of 1 would fit');
    expect(tooShort(5, 5)).toThrow('1 stream of 4 would fit');
    expect(() => new StreamBatcher(count(50), { streams: 10, windowLength: 25 })).toThrow(
      'StreamBatcher: windowLength: 10 streams of 25 need 251 symbols, and there are 50; 10 streams of 4 would fit',
    );
    expect(() => new StreamBatcher(count(1), { streams: 1, windowLength: 1 })).toThrow('at least 2 are needed');
  });
});
