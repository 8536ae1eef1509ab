import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { ones, tensor } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Parameter } from '../nn/module.ts';
import { blameForward, describeOp, firstInForward, type Names, namesOf } from './blame.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  [w, v] = [parameter(2, 3), parameter(1, 1)];
  bad = tensor([1, Number.NaN]);
  names = namesOf([
    ['layer.w', w],
    ['layer.v', v],
  ]);
});
afterAll(() => useBackend(before));

const parameter = (...values: number[]) => Parameter.of(tensor(values));
let [w, v]: Parameter[] = [];
let bad: Tensor;
let names: Names;

describe('where a number that is not finite began:', () => {
  test('in a parameter', () => {
    const w = parameter(1, Number.POSITIVE_INFINITY);
    expect(firstInForward(w.mul(2).exp().sum(), namesOf([['head.w', w]]))).toBe('parameter head.w');
  });

  test('in an input, of an op with a parameter or after one', () => {
    expect(firstInForward(w.mul(bad).sum(), names)).toBe('an input of op mul of layer.w');
    expect(firstInForward(w.exp().mul(bad).sum(), names)).toBe('an input of op mul after layer.w');
  });

  test('in the first op that made one of finite ones', () => {
    expect(firstInForward(w.sub(5).sqrt().mul(v).sum(), names)).toBe('op sqrt after layer.w');
    expect(firstInForward(w.div(v.sub(1)).exp().sum(), names)).toBe('op div of layer.w');
    expect(firstInForward(w.mul(v).sum(), names)).toBe(null);
  });

  test('at a time step, where it is a sequence', () => {
    const x = ones([3, 2, 2]);
    x.set(Float32Array.of(1, 1, 1, 1, 1, 1, -1, 1, 1, 1, 1, 1)); // step 1, row 1
    expect(firstInForward(w.mul(x).sqrt().sum(), names)).toBe('op sqrt after layer.w, time step 1');
  });

  test('in the loss itself, or in one that nothing computed', () => {
    expect(blameForward(w.sub(5).sum().sqrt(), names)).toBe('op sqrt after layer.w');
    expect(blameForward(w.mul(v).sum().log(), names)).toBe('op log after layer.w');
    expect(blameForward(tensor([Number.NaN]), names)).toBe('the loss');
  });
});

test('an op is told by its own parameter, else by the nearest before it, else by its name', () => {
  expect(describeOp('linear', [ones([2]), v, w], names)).toBe('op linear of layer.v');
  const far = v.exp().mul(w.exp().log().neg());
  expect(describeOp('add', [far], names)).toBe('op add after layer.v'); // two ops away, and layer.w four
  expect(describeOp('add', [w.exp().exp(), v.exp()], names)).toBe('op add after layer.v');
  expect(describeOp('add', [ones([2])], names)).toBe('op add');
  const twice = w.exp();
  expect(describeOp('add', [twice, twice, twice.mul(twice)], new Map<Tensor, string>())).toBe('op add');
});
