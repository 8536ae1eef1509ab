import { requireState } from './cell.ts';
import { requireFunction, shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { globalRandom } from '../../tensor/random-state.ts';
import { empty } from '../../tensor/create.ts';
import { polar } from '../../tensor/ops/polar.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, normal } from '../init.ts';
import { Parameter } from '../module.ts';
import { ScanCell, type ScanGates } from './scan-cell.ts';

/** Options of `LRUCell`. */
export interface LRUCellOptions {
  /** The ring in which the eigenvalues start. The nearer to 1 its inner radius, the longer all units remember. Default 0. */
  readonly minRadius?: number;
  /** Default 1. */
  readonly maxRadius?: number;
  /** Largest initial angle; a small one suits tasks with long memory. Default 2π. */
  readonly maxPhase?: number;
}

/** The state of an `LRUCell`: real and imaginary parts. */
export interface LRUState {
  /** The last output. */
  readonly h: Tensor; // [B, H]
  /** The complex state: H real parts, then H imaginary ones. */
  readonly s: Tensor; // [B, 2H]
}

/**
 * The linear recurrent unit (Orvieto et al. 2023): a linear network with a diagonal, complex recurrent matrix.
 *
 *   s' = λ ⊙ s + γ ⊙ (B x)          λ = exp(−exp ν + i·exp θ), so that |λ| < 1 whatever ν and θ are
 *   h' = Re(C s') + D x              γ starts as √(1 − |λ|²), so that the state starts with the size of B x
 *
 * λ starts evenly distributed on a ring of the unit disk. C is saved as [C_re, −C_im], B as its real rows and then its imaginary ones.
 * The layer is linear in x: what makes a network of it are the layers between, as in RecurrentBlocks.
 */
export class LRUCell extends ScanCell<LRUState> {
  readonly nu: Parameter; // [H], log(−log |λ|)
  readonly theta: Parameter; // [H], log arg λ
  readonly gamma: Parameter; // [H], log γ
  readonly weightIh: Parameter; // [2H, I], B
  readonly weightHo: Parameter; // [H, 2H], C
  readonly weightIo: Parameter; // [H, I], D

  constructor(inputSize: number, hiddenSize: number, options: LRUCellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('LRUCell', options, ['minRadius', 'maxRadius', 'maxPhase']);
    const { minRadius = 0, maxRadius = 1, maxPhase = 2 * Math.PI } = options;
    if (!(typeof minRadius === 'number' && minRadius >= 0 && minRadius < maxRadius && maxRadius <= 1))
      throw new OptionError(
        'LRUCell',
        'minRadius',
        `expected 0 ≤ minRadius < maxRadius ≤ 1, got ${shown(minRadius)} and ${shown(maxRadius)}`,
      );
    if (!(typeof maxPhase === 'number' && maxPhase > 0))
      throw new OptionError('LRUCell', 'maxPhase', `expected an angle above 0, got ${shown(maxPhase)}`);
    const vector = () => Parameter.of(empty([hiddenSize]));
    [this.nu, this.theta, this.gamma] = [vector(), vector(), vector()];
    const random = globalRandom();
    const inside = 1e-6; // on the border of the disk ν or γ would be infinite
    const [nu, theta, gamma] = [0, 1, 2].map(() => new Float64Array(hiddenSize));
    for (let j = 0; j < hiddenSize; j++) {
      const square = minRadius ** 2 + (maxRadius ** 2 - minRadius ** 2) * random.uniform(); // even in area
      const modulus2 = Math.min(Math.max(square, inside), 1 - inside);
      nu[j] = Math.log(-0.5 * Math.log(modulus2));
      theta[j] = Math.log(maxPhase * Math.max(random.uniform(), inside));
      gamma[j] = 0.5 * Math.log(1 - modulus2);
    }
    this.nu.set(nu);
    this.theta.set(theta);
    this.gamma.set(gamma);
    const matrix = (rows: number, cols: number, deviation: number) =>
      normal(Parameter.of(empty([rows, cols])), 0, deviation);
    this.weightIh = matrix(2 * hiddenSize, inputSize, inverseSqrt(2 * inputSize));
    this.weightHo = matrix(hiddenSize, 2 * hiddenSize, inverseSqrt(hiddenSize));
    this.weightIo = matrix(hiddenSize, inputSize, inverseSqrt(inputSize));
  }

  override get complex(): boolean {
    return true;
  }

  override initialState(batchSize: number): LRUState {
    return { h: this.zeroState(batchSize, this.hiddenSize), s: this.zeroState(batchSize, 2 * this.hiddenSize) };
  }

  gates(x: Tensor): ScanGates {
    const gamma = this.gamma.exp();
    return {
      a: polar(this.nu.exp().neg().exp(), this.theta.exp()),
      b: linear(x, this.weightIh).mul(cat([gamma, gamma])),
    };
  }

  override read(s: Tensor, x: Tensor): Tensor {
    return linear(s, this.weightHo).add(linear(x, this.weightIo));
  }

  override carried(state: LRUState): Tensor {
    requireState(this, state, ['h', 's']);
    const { s } = state;
    return s;
  }

  override stateOf(s: Tensor, output: () => Tensor): LRUState {
    requireFunction('LRUCell.stateOf', 'output', output);
    return { h: output(), s };
  }
}
