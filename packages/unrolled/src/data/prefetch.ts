// Prefetching: while a batch is used for training, the next ones are read. The queue is bounded, so a fast source does not fill the memory.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/**
 * Yields what `source` yields, in the same order, requested up to `depth` items ahead. An error is thrown at its place: after
 * the items before it. Leaving the loop early closes the source.
 *
 * An async source is asked for one item at a time; a synchronous one may yield promises, of which up to `depth` are then pending at once.
 *
 *     for await (const image of prefetch(files.map((file) => decode(file)), 4)) …
 */
export async function* prefetch<T>(
  source: AsyncIterable<T> | Iterable<T | Promise<T>>,
  depth = 2,
): AsyncGenerator<T, void, undefined> {
  if (!(Number.isInteger(depth) && depth > 0))
    throw new OptionError('prefetch', 'depth', `expected a whole number from 1, got ${shown(depth)}`);
  if (typeof source !== 'object' || source === null || !(Symbol.iterator in source || Symbol.asyncIterator in source))
    throw new OptionError('prefetch', 'source', `expected something to go through, got ${shown(source)}`);
  const { pull, close } = reader(source);
  const queue: Promise<IteratorResult<T>>[] = [];
  const fill = () => {
    while (queue.length < depth) {
      const item = pull();
      item.catch(() => {}); // handled when its turn comes
      queue.push(item);
    }
  };
  try {
    fill();
    for (let item = await queue.shift(); item && !item.done; item = await queue.shift()) {
      fill();
      yield item.value;
    }
  } finally {
    await close();
  }
}

/** `pull` requests the next item; after `close` it requests no more. */
function reader<T>(source: AsyncIterable<T> | Iterable<T | Promise<T>>) {
  const end: IteratorResult<T> = { done: true, value: undefined };
  let closed = false;
  let ended = false;
  if (Symbol.asyncIterator in source) {
    const iterator = source[Symbol.asyncIterator]();
    let last: Promise<unknown> = Promise.resolve();
    const ask = async (): Promise<IteratorResult<T>> => {
      if (closed || ended) return end;
      try {
        const item = await iterator.next();
        ended = item.done === true;
        return item;
      } catch (cause) {
        ended = true; // and not before: one that is left while it is asked has to be closed
        throw cause;
      }
    };
    return {
      pull: () => {
        const item = last.then(ask, ask);
        last = item;
        return item;
      },
      close: async () => {
        closed = true;
        if (!ended) await iterator.return?.();
      },
    };
  }
  const iterator = source[Symbol.iterator]();
  return {
    pull: async (): Promise<IteratorResult<T>> => {
      if (closed || ended) return end;
      ended = true; // should asking fail
      const item = iterator.next();
      ended = item.done === true;
      return item.done ? end : { done: false, value: await item.value };
    },
    close: async () => {
      closed = true;
      if (!ended) iterator.return?.();
    },
  };
}
