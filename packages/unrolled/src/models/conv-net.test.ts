import { describe, expect, it, test } from 'vitest';
import { manualSeed } from '../tensor/random-state.ts';
import { rand, tensor } from '../tensor/create.ts';
import { localContrast } from '../tensor/ops/local-contrast.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { ConvNet, type ConvNetOptions } from './conv-net.ts';

const images = (h: number, w: number) => {
  manualSeed(3);
  return rand([2, 3, h, w]);
};

describe('ConvNet', () => {
  it.each([
    [64, 64],
    [33, 47],
    [20, 9],
  ])(
    'has the map that mapSize says, of %i × %i pixels, and separate pathways for shape and color of the same size',
    (h, w) => {
      const options = { channels: [2, 3, 4], inputSize: [h, w] as const };
      const one = new ConvNet(options);
      const apart = new ConvNet({ ...options, colorChannels: [5] });
      expect(one.forward(images(h, w)).map.shape).toEqual([2, 4, ...one.mapSize]);
      expect(apart.forward(images(h, w)).map.shape).toEqual([2, 9, ...one.mapSize]);
      expect([one.outChannels, apart.outChannels]).toEqual([4, 9]);
    },
  );

  it('sees the same form whatever the colors are, and other colors', () => {
    const net = new ConvNet({ channels: [4, 6], colorChannels: [3], inputSize: [16, 16] }).eval();
    const x = images(16, 16);
    const [red, green, blue] = x.split([1, 1, 1], 1);
    const [a, b] = [x, cat([blue, red, green], 1)].map((p) => net.forward(p).map);
    const [form, color] = a.split([6, 3], 1);
    const [sameForm, other] = b.split([6, 3], 1);
    expect(Math.max(...form.sub(sameForm).abs().dataSync())).toBeLessThan(1e-5);
    expect(Math.max(...color.sub(other).abs().dataSync())).toBeGreaterThan(1e-2);
  });

  it('says which option is wrong', () => {
    const make = (options: ConvNetOptions) => () => new ConvNet(options);
    expect(make({ channels: [] })).toThrow(/ConvNet: .*channels/);
    expect(make({ channels: [4], colorChannels: [4, 8] })).toThrow(
      /ConvNet: .*colorChannels.* at most 1 stages, as many as channels has, got 2/,
    );
    expect(make({ colourChannels: [4] } as ConvNetOptions)).toThrow(
      /ConvNet: colourChannels: unknown option; .*colorChannels/,
    );
  });
});

describe('localContrast', () => {
  it('is the same in other light', () => {
    const x = images(12, 12);
    const light = x.add(0.7);
    expect(Math.max(...localContrast(x).sub(localContrast(light)).abs().dataSync())).toBeLessThan(1e-4);
    const strong = x.mul(10); // what ε and 10⁻⁴ are small to
    const [y, z] = [strong, strong.mul(2)].map((p) => localContrast(p));
    expect(Math.max(...y.sub(z).abs().dataSync())).toBeLessThan(1e-2);
  });

  it('says what is wrong', () => {
    const x = images(4, 4);
    expect(() => localContrast(x, { window: 4 })).toThrow(/localContrast: .*window.*odd number of pixels, got 4/);
    expect(() => localContrast(x, { eps: 0 })).toThrow(/localContrast: .*eps/);
    expect(() => localContrast(x.flatten(1))).toThrow(/localContrast: expected images/);
  });
});

/** The places of a 3 × 3 map, of 4 × 4 pixels each, that change with the last pixel of the middle one. */
function changed(kernelSize: 2 | 3): number[] {
  manualSeed(1);
  const net = new ConvNet({ inChannels: 1, channels: [8, 8], inputSize: [12, 12], kernelSize }).eval();
  expect(net.mapSize).toEqual([3, 3]);
  const image = Array.from({ length: 144 }, (_, k) => Math.sin(k));
  const look = () =>
    Array.from(
      net
        .forward(tensor(image, [1, 1, 12, 12]))
        .map.sum(1)
        .dataSync(),
    );
  const before = look();
  image[7 * 12 + 7] += 1;
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

test('windows that cannot be are told', () => {
  expect(() => new ConvNet({ kernelSize: 5 as 3 })).toThrow('ConvNet: kernelSize: expected 2 or 3, got 5');
  expect(() => new ConvNet({ kernelSize: 2, residual: true })).toThrow('a residual block has windows of 3 pixels');
  expect(() => new ConvNet({ kernelSize: 2, channels: [2, 2, 2], inputSize: [7, 9] })).toThrow(
    '3 stages leave nothing of 7×9 pixels',
  );
});
