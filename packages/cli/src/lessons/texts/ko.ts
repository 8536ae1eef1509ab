// 한국어로 쓴 수업. 구조는 en.ts와 같고, 형식이 빠진 말을 찾아 준다.

import { percent, short as n } from '../numbers.ts';
import { withParticle } from '../particles.ts';
import type { Texts } from './en.ts';

export const ko: Texts = {
  common: {
    stepsBack: 'k단계 전',
    conclusion: '알 수 있는 것',
    more: '다른 수업',
    measuredIn: (seconds) => `측정 시간 ${seconds.toFixed(1)}초`,
  },
  lessons: {
    tanh: {
      title: 'tanh는 왜 필요한가?',
      question:
        '사이에 tanh가 없는 세 층 W₃(W₂(W₁x))는 한 층보다 나을까요? 크기가 같은 두 신경망이 직선으로는 나눌 수 없는 배타적 논리합(XOR)을 배웁니다.',
      header: ['세 층 신경망', '400단계 뒤의 손실', '맞힌 꼭짓점'],
      linear: 'tanh 없음',
      bent: 'tanh 있음',
      chart: '배타적 논리합 배우기',
      step: '학습 단계',
      loss: '손실',
      conclusion: (v) => [
        `가중치가 W₃W₂W₁인 한 층의 답은 세 층의 답과 ${v.differenceFromOneLayer.toExponential(0)} 이내로 같습니다. 비선형 함수가 없으면 층을 쌓아도 달라지는 것이 없습니다.`,
        `그래서 tanh가 없는 신경망의 손실은 ${n(v.linear.loss)}, 곧 ln 2 = 0.693 근처에 머뭅니다. 동전 던지기와 같습니다. tanh가 있으면 꼭짓점 4개 가운데 ${v.tanh.right}개를 맞힙니다.`,
        '시간 방향도 마찬가지입니다. tanh가 없는 순환 신경망의 h_T는 아무리 여러 단계를 읽어도 입력에 행렬을 곱한 값일 뿐입니다.',
      ],
    },
    explode: {
      title: '기울기 폭발',
      question:
        'T단계를 거슬러 오는 기울기에는 W_hhᵀ가 T번 곱해집니다. W_hh가 길이를 10분의 1만큼 늘이거나 줄이면 어떻게 될까요? (W_hh = ρ · 회전, tanh 없음, T = 50)',
      header: ['ρ', '‖∂h_50/∂h_0‖', 'ρ^50', '차이'],
      chart: 'k단계를 거슬러 온 기울기',
      calm: 'tanh, σ_max 3, 작은 입력',
      driven: 'tanh, σ_max 3, 큰 입력',
      conclusion: (v) => [
        `한 단계에 10분의 1씩 커지면 50단계 뒤에는 ${n(v.linear[2].after)}배가 되고, 10분의 1씩 작아지면 ${n(v.linear[0].after)}배만 남습니다. 그대로 유지되는 것은 정확히 1일 때뿐입니다.`,
        `tanh가 있으면 σ_max = 3이라고 해서 반드시 폭발하지는 않습니다. 입력이 작으면 tanh가 가팔라 한 단계에 ${n(v.tanh.calm)}배가 되고, 입력이 크면 tanh가 평평해져 같은 행렬로도 ${n(v.tanh.driven)}배가 됩니다.`,
        `상한 (γ·σ_max)^50은 ${n(v.tanh.bound)}입니다. 가장 큰 특잇값이 1보다 큰 것은 폭발의 필요조건이지 충분조건이 아닙니다.`,
      ],
    },
    vanish: {
      title: '기울기 소실',
      question:
        '보통의 방법으로 시작한 tanh 신경망과 다른 신경망에서, 같은 입력으로 k단계를 거슬러 온 기울기는 얼마나 남을까요?',
      header: ['시작할 때의 신경망', '한 단계', '반감기', '40단계 뒤'],
      names: {
        tanh: 'tanh',
        orthogonal: 'tanh, 직교 W_hh',
        lstm: 'LSTM, 망각 편향 1',
        chrono: 'LSTM, chrono',
        gru: 'GRU',
      },
      chart: 'k단계를 거슬러 온 뒤 남은 기울기',
      bound: '상한 0.9ᵏ',
      bounded: 'tanh, σ_max = 0.9',
      conclusion: (v) => [
        `tanh 신경망에서는 한 단계에 ${n(v.tanh.factor)}배만 남습니다. ${n(v.tanh.halfLife)}단계마다 절반이 사라지므로 그보다 먼 과거는 배우지 못합니다.`,
        `σ_max = 0.9이면 반드시 소실됩니다. 상한에 따르면 40단계 뒤에 많아야 ${withParticle(n(v.bounded.bound), '이/가')} 남고, 실제로는 ${withParticle(n(v.bounded.after), '이/가')} 남았습니다. tanh의 기울기가 1보다 작기 때문입니다.`,
        `직교 W_hh로 시작하면 행렬 때문에 줄어드는 몫이 없어지고 tanh 때문에 줄어드는 몫만 남습니다(한 단계에 ${n(v.others.orthogonal.factor)}배). 망각 게이트가 1에 가까운 값에서 시작하는 chrono 초기화 LSTM은 ${n(v.others.chrono.factor)}배, 반감기 ${n(v.others.chrono.halfLife)}단계입니다.`,
        '클리핑은 여기에 도움이 되지 않습니다. 너무 긴 것을 줄일 뿐, 사라진 것을 되살리지는 못합니다.',
      ],
    },
    clip: {
      title: '기울기 클리핑',
      question:
        '가중치 하나를 50번 쓰면 h_50 = w^50 · 0.5이고, 손실은 (h_50 − 0.7)²입니다. 절벽의 벽인 w = 1.04에서 출발합니다. 노름을 1로 클리핑할 때와 하지 않을 때, 경사 하강법의 한 걸음은 어떻게 다를까요?',
      header: ['', '처음 w', '한 걸음 뒤', '마지막', '손실'],
      without: '클리핑 없음',
      with: '클리핑 있음',
      surface: '절벽: 가중치에 따른 손실',
      loss: '손실',
      descents: '두 가지 하강: 단계마다의 w',
      step: '단계',
      lengths: ['기울기', '자르기 전 ‖g‖', '기준 θ', '자른 뒤', '둘의 코사인'],
      first: '첫 단계의 w',
      hundred: '매개변수 100개',
      conclusion: (v) => [
        `첫 기울기는 ${n(v.firstGradient)}입니다. 그대로 따르면 w는 ${withParticle(n(v.without.after), '으로/로')} 튕겨 나가, 더는 배울 것이 없는 평지에 떨어집니다(마지막 w = ${n(v.without.end)}).`,
        `클리핑하면 방향은 그대로이고 길이는 학습률의 ${v.clipping.threshold}배가 됩니다. w는 벽을 따라 ${v.with.end.toFixed(4)}까지 걸어 내려가 손실 ${n(v.with.loss)}에 이릅니다.`,
        '노름 클리핑: ‖g‖ > θ이면 g ← θ g / ‖g‖. 방향은 그대로(코사인 1)이고 길이는 min(‖g‖, θ)가 됩니다.',
      ],
    },
    truncate: {
      title: '시간에서 자르기',
      question:
        '첫 기호는 비트 하나이고, 29단계 동안 잡음이 이어진 뒤 그 비트를 묻습니다. 상태는 늘 끝까지 이어지지만 기울기는 일정한 간격으로 끊깁니다. 창의 길이가 얼마여야 배울 수 있을까요?',
      header: ['창', '정답률'],
      chart: '30단계 전의 비트 배우기(GRU, 16개 유닛)',
      step: '학습 단계',
      loss: '손실',
      window: (w) => `창 ${w}`,
      guessing: '찍기',
      conclusion: (v) => [
        `창이 ${v.windows[0].window}이면 정답률이 ${percent(v.windows[0].accuracy)}이고, ${v.length}단계 전체를 거슬러 가면 ${percent(v.windows[v.windows.length - 1].accuracy)}입니다.`,
        '창이 짧으면 비트를 읽은 단계까지 기울기가 가지 못하므로, 신경망은 그것을 간직하라는 말을 듣지 못합니다. 이어진 상태에 우연히 남은 것이 전부입니다.',
        '창은 기억할 수 있는 길이가 아니라 배울 수 있는 길이를 정합니다. 중요한 거리에 맞추어 고르십시오. `unrolled inspect`가 여러분의 모델에서 그 거리를 잽니다.',
      ],
    },
    lstm: {
      title: 'LSTM과 오차 회전목마',
      question:
        'c_t = f ⊙ c_{t−1} + i ⊙ g이므로 ∂c_t/∂c_{t−1} = f입니다. 행렬도 tanh도 없습니다. 망각 게이트를 고정하면 60단계 뒤에 기울기가 얼마나 남을까요?',
      header: ['', '60단계 뒤', 'f^60'],
      tanh: 'tanh RNN',
      chart: '회전목마를 탄 기울기',
      conclusion: (v) => [
        `f = 1이면 ${withParticle(v.carousel[0].after, '이/가')} 남습니다. 1에 가까운 값이 아니라 정확히 1입니다. 기울기는 얼마든지 오래 돕니다.`,
        `f = 0.99이면 ${n(v.carousel[1].after)}, f = 0.9이면 ${n(v.carousel[2].after)}, f = 0.5이면 ${withParticle(n(v.carousel[3].after), '이/가')} 남고, tanh 신경망에서는 ${withParticle(n(v.tanh), '이/가')} 남았습니다.`,
        '그래서 망각 게이트는 열린 채로 시작해야 합니다. 망각 편향을 1 이상으로 두거나, 중요한 길이까지 시간 상수를 고루 퍼뜨리는 chrono 초기화를 씁니다.',
      ],
    },
    gru: {
      title: 'GRU',
      question:
        'h′ = (1 − z) ⊙ n + z ⊙ h: 갱신 게이트 z가 1인 곳에서는 상태도 기울기도 그대로 남습니다. 유닛이 32개인 세 신경망이 50개의 수 가운데 표시된 두 수를 더하는 법을 배웁니다.',
      header: ['셀', '매개변수', '평균 제곱 오차'],
      chart: '50개 가운데 두 수 더하기',
      step: '학습 단계',
      loss: '평균 제곱 오차',
      memoryless: '기억 없음',
      conclusion: (v) => [
        `아무것도 기억하지 않으면 오차가 ${n(v.memoryless)}입니다. ${v.steps}단계 뒤: ${v.cells.map((c) => `${c.cell} ${n(c.error)}`).join(', ')}.`,
        `GRU는 상태가 둘이 아니라 하나이고, 매개변수는 LSTM이 ${v.cells[1].parameters}개, GRU가 ${v.cells[2].parameters}개입니다. 둘 다 기울기에 행렬이 곱해지지 않는 길을 열어 주지만 tanh 신경망에는 그런 길이 없습니다.`,
        '둘 가운데 어느 쪽이 먼저 배우는지는 과제와 시작값과 시드에 따라 다릅니다. 여기서는 시드 하나로 쟀습니다.',
      ],
    },
    parity: {
      title: '병렬 순환이 포기하는 것',
      question:
        '1이 홀수 개입니까? 기억은 1비트면 되지만 어떤 입력이든 그것을 뒤집을 수 있습니다. 40개 이하의 줄로, 익힐 때마다 길이를 늘려 가며 배우고, 40개에서 256개의 줄로 시험합니다.',
      header: ['셀', '도달한 길이', '40~256에서 정답률'],
      chart: '줄이 얼마나 길어졌나',
      step: '학습 단계',
      bits: '한 줄의 비트 수',
      conclusion: (v) => [
        `${v.cells.map(({ cell, accuracy }) => `${cell} ${percent(accuracy)}`).join(', ')}; 찍으면 50 %입니다.`,
        'LSTM과 GRU의 게이트는 상태를 보므로 “뒤집어라”라고 할 수 있습니다. minGRU의 게이트는 입력만 봅니다. 그 덕분에 모든 단계를 한꺼번에 계산할 수 있지만, 이 일은 하지 못합니다.',
        '글을 읽을 때는 별로 중요하지 않지만, 상태를 좇아야 하는 일에서는 중요합니다.',
      ],
    },
    sample: {
      title: '분포에서 뽑기',
      question:
        '작은 신경망이 몇 초 동안 글을 읽고 600글자를 씁니다. 한 번은 늘 가장 그럴듯한 글자를 고르고, 세 번은 온도 τ를 달리하며 확률에 따라 뽑습니다. 어느 글이 다채로울까요?',
      header: ['방법', '새로운 8글자 조각', '되풀이'],
      none: '없음',
      period: (p) => `${p}글자마다`,
      chart: '서로 다른 8글자 조각',
      drawn: '쓴 글자 수',
      pieces: '지금까지 나온 조각의 종류',
      conclusion: (v) => [
        `argmax: 조각의 ${percent(v.ways[0].different)}만 새롭습니다.${v.ways[0].period === null ? '' : ` 끝에는 같은 ${v.ways[0].period}글자를 끝없이 되풀이합니다.`} 같은 상태는 같은 선택으로 이어지므로 빠져나올 수 없습니다.`,
        `τ = 1로 뽑으면 ${percent(v.ways[2].different)}가 새롭습니다. τ를 낮추면 그럴듯한 것이 더 그럴듯해지고(${percent(v.ways[1].different)}), 높이면 잡음이 됩니다(${percent(v.ways[3].different)}).`,
        '맞고 틀림이 있는 답에는 argmax를, 글에는 확률을 쓰십시오.',
      ],
    },
    hello: {
      title: 'hello',
      question:
        '강의에 나오는 예입니다. 어휘는 h, e, l, o이고, 신경망은 h, e, l, l을 읽고 e, l, l, o라고 말해야 합니다. 슬라이드에 있는 점수로 계산한 확률과 손실은 얼마일까요?',
      header: ['단계', '점수 y (h e l o)', 'softmax', 'p(정답)', '손실'],
      chart: '세 숫자의 상태로 hello 배우기',
      step: '학습 단계',
      loss: '손실의 합',
      conclusion: (v) => [
        `손실의 합은 ${v.sum.toFixed(6)}(평균 ${v.mean.toFixed(6)})이고, W_hh의 기울기는 네 단계의 합입니다.`,
        `첫 단계에서 신경망은 ${v.first}의 확률로 o라고 하지만 정답은 e입니다. 가장 그럴듯한 글자만 고르면 처음부터 틀립니다.`,
        `상태가 숫자 세 개뿐인 tanh 신경망을 ${v.trained.steps}단계 학습하면 손실이 ${withParticle(v.trained.loss.toFixed(3), '이/가')} 되고, h에서 시작해 가장 그럴듯한 글자를 이어 가면 “${v.decoded}”라고 말합니다.`,
      ],
    },
  },
};
