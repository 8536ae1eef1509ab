import { describe, expect, test } from 'vitest';
import { Block } from '../storage.ts';
import { Collector } from './collector.ts';
import { Heap } from './heap.ts';

describe.each([true, false])('a heap, shared: %s', (shared) => {
  test('gives 64-byte aligned blocks that do not overlap, none at 0', () => {
    const heap = new Heap(shared);
    const blocks = [0, 1, 63, 64, 65, 1000, 4097].map((bytes) => ({ bytes, start: heap.allocate(bytes) }));
    for (const { start } of blocks) expect(start % 64).toBe(0);
    blocks.sort((a, b) => a.start - b.start);
    expect(blocks[0].start).toBeGreaterThan(0);
    for (let i = 1; i < blocks.length; i++) {
      expect(blocks[i].start).toBeGreaterThanOrEqual(blocks[i - 1].start + blocks[i - 1].bytes);
    }
  });

  test('reuses freed blocks, so a loop in its steady state does not grow it', () => {
    const heap = new Heap(shared);
    const step = () => {
      const blocks = [5e6, 3e6, 100, 7e6].map((bytes) => [heap.allocate(bytes), bytes]);
      for (const [pointer, bytes] of blocks) heap.free(pointer, bytes);
    };
    step();
    const { growths, peak } = heap.statistics;
    for (let i = 0; i < 100; i++) step();
    expect(heap.statistics).toMatchObject({ live: 0, growths, peak });
  });

  test('merges free neighbors before it grows, so sizes that change do not add up', () => {
    const heap = new Heap(shared);
    let size = 1e6;
    for (let i = 0; i < 200; i++) {
      const pointers = Array.from({ length: 10 }, () => heap.allocate(size));
      for (const pointer of pointers) heap.free(pointer, size);
      size = 1e6 + ((i * 7919) % 1000) * 1000; // 1 to 2 MB
    }
    expect(heap.statistics.reserved).toBeLessThan(80e6);
  });

  test('says how much was asked for and used when it is full', () => {
    const heap = new Heap(shared);
    expect(() => heap.allocate(2 ** 33)).toThrow(/out of memory: 8589934592 bytes asked for, 0 in use/);
    expect(heap.statistics.live).toBe(0);
  });
});

test('the collector asks for a collection when many bytes depend on it', () => {
  const heap = new Heap();
  const collector = new Collector(heap);
  let asked = 0;
  collector.onPressure = () => asked++;
  const backend = { free: (block: Block) => collector.forget(block) } as Block['backend'];
  const reserve: Block[] = [];
  for (let i = 0; i < 6; i++) {
    const block = new Block(backend, heap.allocate(64), 60 << 20);
    collector.watch(block);
    reserve.push(block);
  }
  expect(asked).toBeGreaterThan(0);
  const before = asked;
  for (let i = 0; i < 100; i++) {
    const block = new Block(backend, heap.allocate(64), 60 << 20);
    collector.watch(block);
    block.release(); // freed by hand: no pressure
  }
  expect(asked).toBe(before);
});
