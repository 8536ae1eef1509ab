import { expect, test } from 'vitest';
import { ko } from './texts/ko.ts';
import { type Particle, withParticle } from './particles.ts';

test.each<[number: string | number, particle: Particle, expected: string]>([
  [0.0651, '으로/로', '0.0651로'], // … 오 일: ㄹ
  [0.3, '으로/로', '0.3으로'],
  [0.2, '으로/로', '0.2로'],
  [7, '으로/로', '7로'],
  [30, '으로/로', '30으로'],
  ['1,000', '으로/로', '1,000으로'],
  ['0.050', '이/가', '0.050이'], // 영
  [0.9, '이/가', '0.9가'],
  [0.5, '이/가', '0.5가'],
  [0.1, '이/가', '0.1이'],
  [117, '이/가', '117이'],
  ['1.2e-5', '이/가', '1.2e-5가'.replace('가', '이')], // … 마이너스 오 승
  ['41.3 %', '이/가', '41.3 %가'],
  [2, '을/를', '2를'],
  [6, '은/는', '6은'],
  [3, '이라고/라고', '3이라고'],
])('%s with %s is %s', (number, particle, expected) => {
  expect(withParticle(number, particle)).toBe(expected);
});

test('no lesson leaves the reader to choose', () => {
  const all = JSON.stringify(ko, (_key, value: unknown) => (typeof value === 'function' ? String(value) : value));
  expect(all).not.toMatch(/\((으|이|을|은)\)|\(가\)|\(를\)|\(는\)/);
});
