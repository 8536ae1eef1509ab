import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { ShapeError, TensorError } from '../errors.ts';
import { AnomalyError, detectAnomaly, noGrad, ones, record, scope, type Tensor, tensor } from './index.ts';

const options = { dtype: 'float64', backend: new ReferenceBackend() } as const;

function leaf(values: number[]): Tensor {
  const x = tensor(values, [values.length], options);
  x.requiresGrad = true;
  return x;
}

describe('backward', () => {
  test('adds up the gradients of every use', () => {
    const x = leaf([2, 3]);
    x.mul(x).add(x).sum().backward(); // 2x + 1
    expect(x.grad?.toArray()).toEqual([5, 7]);
  });

  test('adds to the gradients of an earlier loss', () => {
    const x = leaf([1]);
    x.mul(2).sum().backward();
    x.mul(3).sum().backward();
    expect(x.grad?.toArray()).toEqual([5]);
  });

  test('takes the gradient of a tensor that is no scalar', () => {
    const x = leaf([1, 2]);
    x.square().backward(tensor([10, 100], undefined, options));
    expect(x.grad?.toArray()).toEqual([20, 400]);
  });

  test('reaches a leaf that is itself the loss', () => {
    const x = leaf([4]);
    x.backward();
    expect(x.grad?.toArray()).toEqual([1]);
  });

  test('does not change the seed, nor share memory with it', () => {
    const [x, y] = [leaf([1]), leaf([1])];
    const seed = tensor([2], undefined, options);
    x.add(y).backward(seed);
    x.add(y).backward(seed);
    expect([x.grad?.toArray(), y.grad?.toArray(), seed.toArray()]).toEqual([[4], [4], [2]]);
  });

  test('throws for a second walk of the same graph, and names the op', () => {
    const y = leaf([1]).exp().sum();
    y.backward();
    expect(() => y.backward()).toThrow(TensorError);
    expect(() => y.backward()).toThrow(/the graph behind sum was walked before; compute the loss again/);
  });

  test('throws where nothing wants a gradient, and for a loss that is no scalar', () => {
    expect(() => ones([], options).backward()).toThrow(/no input of this tensor wants a gradient/);
    expect(() => leaf([1, 2]).mul(2).backward()).toThrow(ShapeError);
    expect(() =>
      leaf([1, 2])
        .mul(2)
        .backward(ones([3], options)),
    ).toThrow(/seed of shape \[2\], got \[3\]/);
  });

  test('walks a graph of 100,000 nodes', () => {
    const x = leaf([1]);
    scope(() => {
      let y: Tensor = x;
      for (let i = 0; i < 100_000; i++) y = y.neg();
      y.sum().backward();
    });
    expect(x.grad?.toArray()).toEqual([1]);
  });

  test('goes no further where an op has no gradient for an input', () => {
    const [x, y] = [leaf([2]), leaf([3])];
    const [a, b] = [x.mul(2), y.mul(2)];
    record('first of two', a.add(b).detach(), [a, b], (dy) => [dy, null]).backward();
    expect([x.grad?.toArray(), y.grad]).toEqual([[2], null]);
  });

  test('is not recorded itself', () => {
    const x = leaf([2]);
    x.mul(x).sum().backward();
    expect(x.grad?.requiresGrad).toBe(false);
    expect(x.grad?.node).toBeNull();
  });
});

describe('a tensor', () => {
  test('that was detached stops the gradient', () => {
    const x = leaf([3]);
    x.mul(x.detach()).sum().backward();
    expect(x.grad?.toArray()).toEqual([3]);
  });

  test('between loss and leaf shows its gradient when asked to', () => {
    const x = leaf([1, 2]);
    const y = x.mul(2).retainGrad();
    y.square().sum().backward(); // d/dy = 2y
    expect(y.grad?.toArray()).toEqual([4, 8]);
    expect(x.grad?.toArray()).toEqual([8, 16]);
  });
});

test('noGrad records nothing, and ends with its body, even when that throws', () => {
  const x = leaf([1]);
  expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
  const broken = () =>
    noGrad(() => {
      throw new RangeError('on purpose');
    });
  expect(broken).toThrow(RangeError);
  expect(x.mul(2).requiresGrad).toBe(true);
});

test('detectAnomaly names the op whose gradient is not finite first', () => {
  const x = leaf([0]);
  const y = x.sqrt().mul(2).sum(); // d√x = 1/(2√x) is infinite at 0
  const thrown = (() => {
    try {
      detectAnomaly(() => y.backward());
    } catch (error) {
      return error;
    }
    return null;
  })();
  expect(thrown).toBeInstanceOf(AnomalyError);
  expect((thrown as AnomalyError).op).toBe('sqrt');
  expect((thrown as AnomalyError).inputs[0]).toBe(x);
});
