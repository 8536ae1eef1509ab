import { expect, test } from 'vitest';
import { Random } from '../../random.ts';
import { Heap } from './heap.ts';

test('what is popped is the least of what is there, whatever was pushed in between', () => {
  const random = new Random(1);
  const heap = new Heap<number>((a, b) => a < b);
  let held: number[] = [];
  expect(heap.pop()).toBeUndefined();
  for (let step = 0; step < 3000; step++) {
    const grows = step % 600 < 400;
    if (random.uniform() < (grows ? 0.7 : 0.2)) {
      const item = random.integer(100);
      heap.push(item);
      held = [...held, item].sort((a, b) => a - b);
    } else expect(heap.pop()).toBe(held.shift());
  }
  while (held.length > 0) expect(heap.pop()).toBe(held.shift());
  expect(heap.pop()).toBeUndefined();
});
