import { expect, test } from 'vitest';
import { prefetch } from './prefetch.ts';

const later = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Counts from 0, telling what was asked for and whether it was closed. */
function counter(end: number, fail = Infinity) {
  const log = { asked: 0, closed: false };
  async function* source() {
    try {
      for (let k = 0; k < end; k++) {
        log.asked++;
        await later();
        if (k === fail) throw new Error(`cannot read item ${k}`);
        yield k;
      }
    } finally {
      log.closed = true;
    }
  }
  return { log, source: source() };
}

test('prefetch keeps the order and ends where the source does', async () => {
  expect(await collect(prefetch(counter(20).source, 3))).toEqual([...Array(20).keys()]);
  expect(await collect(prefetch([], 3))).toEqual([]);
});

test('prefetch reads at most depth items ahead', async () => {
  const { log, source } = counter(100);
  for await (const k of prefetch(source, 4)) {
    await later(20);
    expect(log.asked).toBeGreaterThan(k + 1);
    expect(log.asked).toBeLessThanOrEqual(k + 1 + 4);
    if (k === 5) break;
  }
  expect(log.closed).toBe(true);
});

test('promises of a plain source are under way together', async () => {
  let underWay = 0;
  let most = 0;
  function* source() {
    for (let k = 0; k < 9; k++) {
      yield (async () => {
        most = Math.max(most, ++underWay);
        await later(9 - k);
        underWay--;
        return k;
      })();
    }
  }
  expect(await collect(prefetch(source(), 3))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(most).toBe(3);
});

test('an error comes after the items before it', async () => {
  const seen: number[] = [];
  const { log, source } = counter(10, 3);
  const read = async () => {
    for await (const k of prefetch(source, 5)) seen.push(k);
  };
  await expect(read()).rejects.toThrow('cannot read item 3');
  expect(seen).toEqual([0, 1, 2]);
  expect(log).toEqual({ asked: 4, closed: true });
});

test.each([1, 2, 5])('a source that failed is neither asked again nor closed, %i ahead', async (depth) => {
  for (const isAsync of [false, true]) {
    const log = { asked: 0, closed: 0 };
    const next = () => {
      if (++log.asked === 3) throw new Error('cannot read');
      return { done: false, value: log.asked };
    };
    const close = () => {
      log.closed++;
      return { done: true, value: undefined };
    };
    const iterable = isAsync
      ? { [Symbol.asyncIterator]: () => ({ next: async () => next(), return: async () => close() }) }
      : { [Symbol.iterator]: () => ({ next, return: close }) };
    await expect(collect(prefetch(iterable as Iterable<number>, depth))).rejects.toThrow('cannot read');
    await later();
    expect(log).toEqual({ asked: 3, closed: 0 });
  }
});

test('a source that is left early is closed once, and one at its end is not', async () => {
  for (const isAsync of [false, true]) {
    for (const stopAt of [2, Infinity]) {
      let [asked, closed] = [0, 0];
      const next = () => ({ done: ++asked > 4, value: asked });
      const close = () => ({ done: true, value: ++closed });
      const iterable = isAsync
        ? { [Symbol.asyncIterator]: () => ({ next: async () => next(), return: async () => close() }) }
        : { [Symbol.iterator]: () => ({ next, return: close }) };
      for await (const item of prefetch(iterable as Iterable<number>, 2)) if (item === stopAt) break;
      expect(closed).toBe(stopAt === 2 ? 1 : 0);
      expect(asked).toBe(stopAt === 2 ? 4 : 5);
    }
  }
});

test('a depth of none is refused', async () => {
  await expect(prefetch([1], 0).next()).rejects.toThrow('prefetch: depth: expected a whole number from 1, got 0');
});
