// Steps of optimizers as ops of a graph, as ONNX has them: R the learning rate, T the number of steps before, then for each of n tensors the tensor, its
// gradient and what the optimizer keeps of it, each kind together: X₁ X₂ … G₁ G₂ … V₁ V₂ ….

import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';

type Update = (node: RunContext, rate: number, step: number, tensors: readonly Tensor[]) => readonly Tensor[];

/** `kept` is the number of tensors that the optimizer keeps of each. The update gives the new tensor and the new ones kept. */
function optimizer(kept: number, attributes: readonly string[], update: Update): GraphOp {
  return {
    inputs: ['R', 'T', 'X', '…'],
    attributes: ['norm_coefficient', ...attributes],
    run: (node) => {
      const kinds = 2 + kept;
      const count = (node.inputs.length - 2) / kinds;
      if (!Number.isInteger(count)) node.fail(`expected ${kinds} inputs for each tensor behind R and T`);
      const [rate, step] = [node.host(0).values[0], node.host(1).values[0]];
      const results = Array.from({ length: count }, (_, k) => {
        const own = Array.from({ length: kinds }, (_, kind) => node.tensor(2 + kind * count + k));
        const gradient = own[1].add(own[0].mul(node.number('norm_coefficient', 0)));
        return update(node, rate, step, [own[0], gradient, ...own.slice(2)]);
      });
      return Array.from({ length: 1 + kept }, (_, kind) => results.map((result) => result[kind])).flat();
    },
  };
}

export const updateOps: Readonly<Record<string, GraphOp>> = {
  Momentum: optimizer(1, ['alpha', 'beta', 'mode'], (node, rate, step, [x, gradient, v]) => {
    const [alpha, beta] = [node.number('alpha'), node.number('beta')];
    const next = v.mul(alpha).add(gradient.mul(step > 0 ? beta : 1));
    if (node.oneOf('mode', ['standard', 'nesterov']) === 'standard') return [x.sub(next.mul(rate)), next];
    return [x.sub(gradient.add(next.mul(alpha)).mul(rate)), next];
  }),

  Adagrad: optimizer(1, ['decay_factor', 'epsilon'], (node, rate, step, [x, gradient, h]) => {
    const decayed = rate / (1 + step * node.number('decay_factor', 0));
    const next = h.add(gradient.mul(gradient));
    return [x.sub(gradient.mul(decayed).div(next.sqrt().add(node.number('epsilon', 1e-6)))), next];
  }),

  Adam: optimizer(2, ['alpha', 'beta', 'epsilon', 'norm_coefficient_post'], (node, rate, step, [x, gradient, v, h]) => {
    const [alpha, beta] = [node.number('alpha', 0.9), node.number('beta', 0.999)];
    const momentum = v.mul(alpha).add(gradient.mul(1 - alpha));
    const square = h.mul(beta).add(gradient.mul(gradient).mul(1 - beta));
    const corrected = step > 0 ? (rate * Math.sqrt(1 - beta ** step)) / (1 - alpha ** step) : rate;
    const next = x.sub(momentum.mul(corrected).div(square.sqrt().add(node.number('epsilon', 1e-6))));
    return [next.mul(1 - node.number('norm_coefficient_post', 0)), momentum, square];
  }),
};
