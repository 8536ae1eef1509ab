// Einstein's summation: every factor gets all axes, is multiplied with the others, and what the result does not name is summed.

import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';

export const einsumOps: Readonly<Record<string, GraphOp>> = {
  Einsum: {
    inputs: ['Inputs', '…'],
    attributes: ['equation'],
    run: (node) => {
      const { factors, result, labels } = parsed(node, node.text('equation').replace(/\s/g, ''));
      const all = [...result, ...labels.filter((label) => !result.includes(label))];
      const product = factors.map((own, i) => withAxes(node, node.tensor(i), own, all)).reduce((a, b) => a.mul(b));
      const summed = all.map((_, axis) => axis).slice(result.length);
      return summed.length > 0 ? product.sum(summed) : product;
    },
  },
};

function parsed(node: RunContext, equation: string) {
  const match = /^([A-Za-z]*(?:,[A-Za-z]*)*)(?:->([A-Za-z]*))?$/.exec(equation);
  if (!match)
    return node.fail(`equation: expected letters, as "bij,bjk->bik", got ${JSON.stringify(equation.slice(0, 60))}`);
  const factors = match[1].split(',').map((letters) => Array.from(letters));
  if (factors.length !== node.inputs.length) node.fail(`equation: expected ${node.inputs.length} factors`);
  for (const own of factors)
    if (new Set(own).size !== own.length)
      node.fail(`equation: expected different letters, got ${own.join('')}; a diagonal is not read`);
  const labels = [...new Set(factors.flat())];
  // Without a result: the letters that come once, sorted.
  const once = labels.filter((label) => factors.flat().filter((other) => other === label).length === 1).sort();
  const result = match[2] === undefined ? once : Array.from(match[2]);
  if (!result.every((label) => labels.includes(label))) node.fail('equation: the result names what no factor has');
  return { factors, result, labels };
}

/** The tensor with its axes in the order of `all`, and sizes of 1 for those that it does not have. */
function withAxes(node: RunContext, x: Tensor, own: readonly string[], all: readonly string[]): Tensor {
  if (own.length !== x.rank) node.fail(`equation: ${own.join('') || 'nothing'} for ${x.rank} axes`);
  const order = all.filter((label) => own.includes(label)).map((label) => own.indexOf(label));
  const sorted = x.rank > 1 ? x.permute(...order) : x;
  const sizes = new Map(own.map((label, axis) => [label, x.shape[axis]]));
  return sorted.reshape(...all.map((label) => sizes.get(label) ?? 1));
}
