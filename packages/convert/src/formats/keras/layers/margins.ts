// Zeros around the steps or the image, and steps or borders that are cut off.

import type { LayerConfig } from '../layer-config.ts';
import { type LayerConverter, one, only } from './call.ts';

/** How much before and behind each axis: one number for all, one for each axis, or two for each. */
function margins(
  config: LayerConfig,
  name: string,
  axes: 1 | 2,
  usual: number,
): readonly (readonly [number, number])[] {
  const given = config.value(name) ?? usual;
  const isWhole = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= 0;
  const pair = (value: unknown): readonly [number, number] | null => {
    if (isWhole(value)) return [value, value];
    return Array.isArray(value) && value.length === 2 && value.every(isWhole)
      ? [value[0] as number, value[1] as number]
      : null;
  };
  const list: readonly unknown[] =
    axes === 1 ? [given] : Array.isArray(given) && given.length === 2 ? given : [given, given];
  const found = list.map(pair);
  if (found.every((one) => one !== null)) return found;
  return config.fail(
    `${name}: whole numbers before and behind each of ${axes} axes`,
    JSON.stringify(given).slice(0, 60),
  );
}

function requireChannelsLast(config: LayerConfig): void {
  if (config.oneOf('data_format', ['channels_last', 'channels_first'], 'channels_last') === 'channels_first')
    config.fail('channels last', 'channels_first');
}

/** ZeroPadding1D and 2D: x [B, …, C] with zeros around. */
export const zeroPadding =
  (axes: 1 | 2): LayerConverter =>
  (call) => {
    requireChannelsLast(call.config);
    const sizes = margins(call.config, 'padding', axes, 1);
    const pads = [0, 1].flatMap((side) => [0, ...sizes.map((pair) => pair[side]), 0]);
    return [{ name: one(call, 'Pad', [only(call).name], { pads }), mask: null }];
  };

/** Cropping1D and 2D. */
export const cropping =
  (axes: 1 | 2): LayerConverter =>
  (call) => {
    requireChannelsLast(call.config);
    const sizes = margins(call.config, 'cropping', axes, axes === 1 ? 1 : 0);
    const settings = {
      axes: sizes.map((_, i) => i + 1),
      starts: sizes.map(([before]) => before),
      ends: sizes.map(([, behind]) => (behind === 0 ? 2 ** 31 - 1 : -behind)),
    };
    return [{ name: one(call, 'Slice', [only(call).name], settings), mask: null }];
  };
