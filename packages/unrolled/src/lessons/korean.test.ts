import { describe, expect, test } from 'vitest';
import { withParticle } from './korean.ts';

describe('withParticle', () => {
  test.each([
    ['상태', '은/는', '상태는'],
    ['손실', '은/는', '손실은'],
    ['손실', '으로/로', '손실로'],
    ['값', '으로/로', '값으로'],
    ['LSTM', '은/는', 'LSTM은'],
    ['GRU', '이/가', 'GRU가'],
    ['RNN', '을/를', 'RNN을'],
    ['tanh', '이/가', 'tanh가'],
    ['softmax', '을/를', 'softmax를'],
    ['minGRU', '은/는', 'minGRU는'],
    ['hello', '이라고/라고', 'hello라고'],
    ['“hello”', '을/를', '“hello”를'],
    ['l', '을/를', 'l을'],
    ['o', '을/를', 'o를'],
    [0, '이/가', '0이'],
    [2, '이/가', '2가'],
    [3, '이라고/라고', '3이라고'],
    [7, '으로/로', '7로'],
    [6, '으로/로', '6으로'],
    [10, '을/를', '10을'],
    [1200, '이/가', '1200이'],
    ['0.90', '을/를', '0.90을'],
    ['0.1251', '이/가', '0.1251이'],
    ['50 %', '을/를', '50 %를'],
    ['2.1×10⁻¹⁴', '이/가', '2.1×10⁻¹⁴이'],
    ['3 (셋)', '과/와', '3 (셋)과'],
  ] as const)('%s takes %s', (text, particle, expected) => {
    expect(withParticle(text, particle)).toBe(expected);
  });

  test('refuses what is no particle', () => {
    expect(() => withParticle('a', 3 as never)).toThrow('particle');
  });
});
