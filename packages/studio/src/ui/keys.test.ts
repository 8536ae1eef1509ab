import { expect, test } from 'vitest';
import { movedBy } from './keys.ts';

test('arrow keys move by a step, pages by ten, and stay between the ends', () => {
  expect(movedBy('ArrowRight', null, 20)).toBe(0);
  expect(movedBy('ArrowLeft', null, 20)).toBe(19);
  expect(movedBy('ArrowRight', 3, 20)).toBe(4);
  expect(movedBy('PageDown', 3, 20)).toBe(13);
  expect(movedBy('PageDown', 15, 20)).toBe(19);
  expect(movedBy('ArrowLeft', 0, 20)).toBe(0);
  expect([movedBy('Home', 7, 20), movedBy('End', 7, 20)]).toEqual([0, 19]);
});

test('other keys move nothing, nor does any where there is no place', () => {
  expect(movedBy('Enter', 3, 20)).toBe(null);
  expect(movedBy('End', null, 0)).toBe(null);
});
