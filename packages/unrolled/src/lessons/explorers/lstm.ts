// The cell state's own path: f^T, with the forget gate to move.

import { explorerOf } from '../explorer.ts';
import { withParticle } from '../korean.ts';
import { fixed, short } from '../numbers.ts';
import { lessonTerms } from '../words/common.ts';

export const lstm = explorerOf({
  name: 'lstm',
  limits: {
    forget: { min: 0.5, max: 1, step: 0.005, value: 0.99 },
    steps: { min: 1, max: 300, step: 1, value: 60 },
  },
  words: {
    en: {
      labels: { forget: 'forget gate f', steps: 'steps back' },
      chart: '∂c_T/∂c_{T−k} with the gate held',
      says: (forget: string, steps: number, left: string, half: string) =>
        `With f held at ${forget}, ${left} of the gradient is left after ${steps} steps; half of it is gone after ${half}.`,
      never: 'never',
    },
    ko: {
      labels: { forget: '망각 게이트 f', steps: '거슬러 올라가는 단계 수' },
      chart: '게이트를 고정했을 때의 ∂c_T/∂c_{T−k}',
      says: (forget: string, steps: number, left: string, half: string) =>
        `f = ${withParticle(forget, '으로/로')} 고정하면 ${steps}단계 뒤에 남는 기울기는 ${left}, 절반이 되는 단계 수는 ${half}입니다.`,
      never: '없음',
    },
  },
  run: ({ forget, steps }, t, language) => ({
    says: t.says(
      fixed(forget, 3),
      steps,
      short(forget ** steps),
      forget < 1 ? short(Math.LN2 / -Math.log(forget)) : t.never,
    ),
    figures: [
      {
        kind: 'chart',
        chart: {
          title: t.chart,
          xLabel: lessonTerms[language].stepsBack,
          series: [
            {
              name: `f = ${fixed(forget, 3)}`,
              points: Array.from({ length: steps + 1 }, (_, k) => [k, forget ** k] as const),
            },
          ],
          include: [[0, 0]],
        },
      },
    ],
  }),
});
