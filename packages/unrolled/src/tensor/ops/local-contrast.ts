import { shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import type { Tensor } from '../tensor.ts';
import { requireFloat } from './operands.ts';
import { avgPool2d } from './pooling.ts';
import { requireImages } from './window.ts';

/** Options of `localContrast`. */
export interface LocalContrastOptions {
  /** Height and width of the neighborhood, an odd number of pixels. Default 9. */
  readonly window?: number;
  /** Added to the mean square, so that noise stays small: of the square of the images' units. Default 3e-3. */
  readonly eps?: number;
}

/**
 * How far each pixel is from its neighborhood, as a part of how far pixels are there: x [B, C, h, w] → [B, 1, h, w]. Edges stand out alike, whatever
 * their colors and the light.
 *
 *   v = Σ_c (x_c − x̄_c)²      y = √((v + 10⁻⁴) / (v̄ + ε))      x̄, v̄: the means over the window, as much of it as is inside
 *
 * Local contrast normalization (Jarrett et al. 2009, section 2.1), of the distance in all channels instead of each.
 */
export function localContrast(x: Tensor, options: LocalContrastOptions = {}): Tensor {
  const who = 'localContrast';
  checkOptions(who, options, ['window', 'eps']);
  const { window = 9, eps = 3e-3 } = options;
  if (!(Number.isInteger(window) && window > 0 && window % 2 === 1))
    throw new OptionError(who, 'window', `expected an odd number of pixels, got ${shown(window)}`);
  if (!(typeof eps === 'number' && eps > 0 && eps < Infinity))
    throw new OptionError(who, 'eps', `expected a number above 0, got ${shown(eps)}`);
  requireFloat(who, x);
  requireImages(who, x);
  const around = (t: Tensor) => avgPool2d(t, window, { stride: 1, padding: (window - 1) / 2, countIncludePad: false });
  const v = x.sub(around(x)).square().sum(1, true);
  return v.add(1e-4).div(around(v).add(eps)).sqrt();
}
