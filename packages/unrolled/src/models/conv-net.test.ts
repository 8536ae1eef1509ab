import { expect, test } from 'vitest';
import { tensor } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { ConvNet } from './conv-net.ts';

/** The places of a 3 × 3 map, of 4 × 4 pixels each, that change with the last pixel of the middle one. */
function changed(kernelSize: 2 | 3): number[] {
  manualSeed(1);
  const net = new ConvNet({ inChannels: 1, channels: [8, 8], inputSize: [12, 12], kernelSize }).eval();
  expect(net.mapSize).toEqual([3, 3]);
  const picture = Array.from({ length: 144 }, (_, k) => Math.sin(k));
  const look = () =>
    Array.from(
      net
        .forward(tensor(picture, [1, 1, 12, 12]))
        .map.sum(1)
        .dataSync(),
    );
  const before = look();
  picture[7 * 12 + 7] += 1;
  return look().flatMap((value, place) => (value === before[place] ? [] : [place]));
}

test('with windows of 2 pixels each place of the map sees a square of its own; those of 3 overlap', () => {
  expect(changed(2)).toEqual([4]);
  expect(changed(3)).toEqual([4, 5, 7, 8]);
  manualSeed(1);
  const small = new ConvNet({ inChannels: 1, channels: [2, 2], inputSize: [11, 7], kernelSize: 2 });
  expect(small.mapSize).toEqual([2, 1]);
  expect(small.forward(tensor(new Array(77).fill(1), [1, 1, 11, 7])).map.shape).toEqual([1, 2, 2, 1]);
});

test('what cannot be is told', () => {
  expect(() => new ConvNet({ kernelSize: 5 as 3 })).toThrow('ConvNet: kernelSize: expected 2 or 3, got 5');
  expect(() => new ConvNet({ kernelSize: 2, residual: true })).toThrow('a residual block has windows of 3 pixels');
  expect(() => new ConvNet({ kernelSize: 2, channels: [2, 2, 2], inputSize: [7, 9] })).toThrow(
    '3 stages leave nothing of 7×9 pixels',
  );
});
