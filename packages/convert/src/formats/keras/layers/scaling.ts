// What networks of images begin with: Rescaling, and Normalization by what was measured on the training data.

import { type LayerCall, type LayerConverter, one, only } from './call.ts';

/** x · scale + offset */
export const rescaling: LayerConverter = (call) => {
  const scale = fixed(call, 'scale', numbersOf(call, 'scale', 1));
  const offset = fixed(call, 'offset', numbersOf(call, 'offset', 0));
  const y = one(call, 'Mul', [only(call).name, scale]);
  return [{ name: one(call, 'Add', [y, offset]), mask: only(call).mask }];
};

/** (x − mean) / max(√variance, ε), along the last axis; ε is Keras' own. */
export const normalization: LayerConverter = (call) => {
  const { config, arrays } = call;
  const axis = config.value('axis');
  if (![-1, undefined].includes((Array.isArray(axis) && axis.length === 1 ? axis[0] : axis) as number | undefined))
    config.fail('axis -1, the last one', JSON.stringify(axis)?.slice(0, 60) ?? 'nothing');
  if (config.flag('invert', false)) config.fail('invert: false', 'true');
  const [mean, variance] = (['mean', 'variance'] as const).map((name) => {
    if (config.value(name) !== undefined && config.value(name) !== null) return numbersOf(call, name, 0);
    const shape = arrays.next() ?? config.fail(name, 'no more weights');
    return Array.from(arrays.take(name, shape).floats());
  });
  if (arrays.next()) arrays.take('count', arrays.next() as readonly number[]);
  const deviation = variance.map((v) => 1 / Math.max(Math.sqrt(v), 1e-7));
  const y = one(call, 'Sub', [only(call).name, fixed(call, 'mean', mean)]);
  return [{ name: one(call, 'Mul', [y, fixed(call, 'scale', deviation)]), mask: only(call).mask }];
};

/** A number, or one for each channel. */
function numbersOf({ config }: LayerCall, name: string, usual: number): number[] {
  const value = config.value(name) ?? usual;
  const numbers = (Array.isArray(value) ? value.flat(3) : [value]) as unknown[];
  const fits = numbers.length > 0 && numbers.every((n) => typeof n === 'number' && Number.isFinite(n));
  return fits ? (numbers as number[]) : config.fail(`${name}: numbers`, JSON.stringify(value).slice(0, 60));
}

function fixed({ builder, path }: LayerCall, name: string, numbers: readonly number[]): string {
  return builder.buffer(`${path}.${name}`, [numbers.length], () => ({
    shape: [numbers.length],
    data: Float32Array.from(numbers),
  }));
}
