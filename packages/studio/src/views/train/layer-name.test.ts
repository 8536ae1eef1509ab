import { expect, test } from 'vitest';
import { layerName } from './layer-name.ts';

test.each([
  ['l0', '1'],
  ['l1_reverse', '2 ←'],
  ['encoder.recurrent.l0', 'encoder 1'],
  ['encoder.recurrent.l1_reverse', 'encoder 2 ←'],
  ['decoder.layers.0.l0', 'decoder 1'],
  ['decoder.layers.2.l0', 'decoder 3'],
  ['decoder.layer.l0', 'decoder 1'],
  ['recurrent.l0', '1'],
])('%s is shown as %s', (layer, shown) => {
  expect(layerName(layer)).toBe(shown);
});
