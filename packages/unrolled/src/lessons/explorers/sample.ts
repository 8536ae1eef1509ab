// The slide's first step, with the temperature to move: h is read, and the scores of h, e, l, o are what they are.

import { explorerOf } from '../explorer.ts';
import { fixed } from '../numbers.ts';

const letters = ['h', 'e', 'l', 'o'];
const scores = [1, 2.2, -3, 4.1];

export const sample = explorerOf({
  name: 'sample',
  limits: { temperature: { min: 0.1, max: 4, step: 0.1, value: 1 } },
  words: {
    en: {
      labels: { temperature: 'temperature τ' },
      bars: 'The next letter after h: softmax(y / τ)',
      says: (tau: string, o: string, e: string) =>
        `At τ = ${tau} the network writes o with the probability ${o} and e, the letter that should come, with ${e}.`,
    },
    ko: {
      labels: { temperature: '온도 τ' },
      bars: 'h 다음 글자: softmax(y / τ)',
      says: (tau: string, o: string, e: string) => `τ = ${tau}일 때의 확률: o ${o}, 와야 할 글자 e ${e}`,
    },
  },
  run: ({ temperature }, t) => {
    const powers = scores.map((y) => Math.exp((y - Math.max(...scores)) / temperature));
    const total = powers.reduce((a, b) => a + b, 0);
    const p = powers.map((v) => v / total);
    return {
      says: t.says(fixed(temperature, 1), fixed(p[3], 3), fixed(p[1], 3)),
      figures: [
        {
          kind: 'bars',
          title: t.bars,
          most: 1,
          rows: letters.map((label, k) => ({ label, value: p[k], text: fixed(p[k], 3), marked: label === 'e' })),
        },
      ],
    };
  },
});
