import { describe, expect, test, vi } from 'vitest';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { TensorError } from '../errors.ts';
import { ones, scope, Tensor, zeros } from './index.ts';

const options = { backend: new ReferenceBackend() };

/** What `make` leaves behind when it throws or returns inside a scope. */
function escaped(make: () => Tensor): Tensor {
  let kept: Tensor | undefined;
  scope(() => {
    kept = make();
  });
  return kept as Tensor;
}

describe('a scope', () => {
  test('frees what it made and did not return, and a later use says why', () => {
    const gone = escaped(() => ones([2], options));
    expect(() => gone.dataSync()).toThrow(TensorError);
    expect(() => gone.add(1)).toThrow(/made inside a scope that has ended.*return it from the scope, or keep/);
  });

  test('leaves alone what was made before it', () => {
    const x = ones([2], options);
    scope(() => x.add(1));
    expect(x.toArray()).toEqual([1, 1]);
  });

  test('lets a returned tensor live, and tensors in arrays, maps and objects', () => {
    const result = scope(() => ({
      one: ones([1], options),
      list: [ones([2], options)],
      map: new Map([['a', ones([3], options)]]),
      number: 7,
    }));
    expect(result.one.toArray()).toEqual([1]);
    expect(result.list[0].toArray()).toEqual([1, 1]);
    expect(result.map.get('a')?.size).toBe(3);
    expect(result.map.get('a')?.toArray()).toEqual([1, 1, 1]);
    expect(result.number).toBe(7);
  });

  test('lets a kept tensor live', () => {
    expect(escaped(() => ones([2], options).keep()).toArray()).toEqual([1, 1]);
  });

  test('lets the memory of a view live with it', () => {
    const row = scope(() => ones([2, 3], options).select(0, 1));
    expect(row.toArray()).toEqual([1, 1, 1]);
  });

  test('hands what it returns to the scope around it', () => {
    const inner = escaped(() => scope(() => ones([2], options)));
    expect(() => inner.dataSync()).toThrow(TensorError);
  });

  test('keeps a tensor of an outer scope that an inner one calls keep on', () => {
    const x = escaped(() => {
      const made = ones([1], options);
      scope(() => made.keep());
      return made;
    });
    expect(x.toArray()).toEqual([1]);
  });

  test('frees when its body throws, and the next scope works', () => {
    let gone: Tensor | undefined;
    const broken = () =>
      scope(() => {
        gone = ones([1], options);
        throw new RangeError('on purpose');
      });
    expect(broken).toThrow(RangeError);
    expect(() => gone?.dataSync()).toThrow(TensorError);
    expect(scope(() => ones([1], options)).toArray()).toEqual([1]);
  });

  test('owns nothing that is made after it, returned or failed', () => {
    const backend = new ReferenceBackend();
    const watched = vi.spyOn(backend, 'watch');
    const make = () => zeros([2], { backend });
    make();
    expect(watched).toHaveBeenCalledTimes(1); // outside of scopes memory goes when it is collected
    scope(make); // what it returns belongs to nobody
    expect(watched).toHaveBeenCalledTimes(2);
    make();
    expect(watched).toHaveBeenCalledTimes(3);
    scope(() => void make());
    expect(watched).toHaveBeenCalledTimes(3); // freed
    expect(() => scope(() => { throw new Error('in the body'); })).toThrow('in the body'); // biome-ignore format: one line
    make();
    expect(watched).toHaveBeenCalledTimes(4);
  });

  test('refuses an async body', () => {
    expect(() => scope(() => Promise.resolve(1))).toThrow(/must not be async/);
  });

  test('lets gradients live; zeroGrad frees them', () => {
    const w = ones([2], options);
    w.requiresGrad = true;
    scope(() => w.mul(3).sum().backward());
    const grad = w.grad as Tensor;
    expect(grad.toArray()).toEqual([3, 3]);
    w.zeroGrad();
    expect(w.grad).toBeNull();
    expect(() => grad.dataSync()).toThrow(TensorError);
  });
});
