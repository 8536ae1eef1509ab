// Reports and pages.

import type { Catalogue } from '../translator.ts';

export const screensPages: Catalogue = {
  ' (no better than chance)': ' (우연보다 낫지 않음)',
  ' of its largest': ' (가장 큰 값이 1)',
  unit: '유닛',
  'found by the search': '찾은 유닛',
  'all units': '모든 유닛',
  'of the unit’s largest value': '유닛의 가장 큰 값에 대한 비율',
  'Inspection of {0}': '{0} 분석',
  Summary: '요약',
  'searching the units': '유닛을 찾는 중',
  'The control shifts the labels circularly along the text: their autocorrelation stays, their relation to the units is removed. A unit above the best control is significant among all units.':
    '대조군은 레이블을 글을 따라 빙 돌려 옮긴 것입니다. 레이블의 자기 상관은 남고 유닛과의 관계는 사라집니다. 가장 높은 대조군보다 높은 유닛은 모든 유닛을 통틀어 유의합니다.',
  'Interpretable units': '뜻을 알 수 있는 유닛',
  'No unit tracks any of the labels.': '레이블을 따라가는 유닛이 없습니다.',
  'The text colored by the activation of one unit after each symbol: red above 0, blue below. From {0}.':
    '기호마다 유닛 하나의 활성으로 색칠한 글: 빨강은 0보다 크고 파랑은 작습니다. {0}의 글입니다.',
  'The unit with the strongest correlation for each label, its control, and the loss when it is fixed at its mean.':
    '레이블마다 상관이 가장 큰 유닛, 그 대조군, 그리고 유닛을 평균값에 고정했을 때의 손실.',
  label: '레이블',
  control: '대조군',
  'loss when held': '고정했을 때 손실',
  found: '찾음',
  correlation: '상관',
  'bits (control)': '비트 (대조군)',
  'Units by label': '레이블별 유닛',
  'It means that {0}.': '{0}.',
  'Check your network': '신경망 점검',
  Checks: '점검',
  'Results for the network at its first step.': '첫 단계의 신경망을 점검한 결과입니다.',
  'Gradients were clipped by value: every element was limited to ±{0} (--clip-value). The norms here are from before that.':
    '기울기를 값으로 클리핑했습니다. 원소마다 ±{0}까지로 제한했습니다(--clip-value). 여기의 노름은 그 전의 값입니다.',
  Clipping: '클리핑',
  'The global gradient norm, every tenth step. Gradients above the threshold were scaled down to it.':
    '열 단계마다 전체 기울기의 노름. 기준보다 큰 기울기는 기준까지 줄였습니다.',
  'log₁₀ of the norm, first step': '노름의 log₁₀, 첫 단계',
  'last step': '마지막 단계',
  Gates: '게이트',
  'Gates of {0}': '{0}의 게이트',
  'A point a unit: how often its gate was shut and how often open. Bottom left is a gate that is always in between; on the slanted line one that is only ever shut or open.':
    '점 하나가 유닛 하나입니다. 게이트가 얼마나 자주 닫히고 얼마나 자주 열렸는지 보여 줍니다. 왼쪽 아래는 늘 중간인 게이트, 빗금 위는 늘 닫히거나 열리기만 하는 게이트입니다.',
  'Time constant of each unit in steps, from the shortest to the longest.':
    '유닛마다의 시간 상수(단계), 짧은 것부터 긴 것까지.',
  gate: '게이트',
  shut: '닫힘',
  open: '열림',
  'half forget in': '절반을 잊는 단계',
  longest: '가장 긴 것',
  'Gradient through time': '시간을 거슬러 가는 기울기',
  'Gradient norms back through time: {0}.': '시간을 거슬러 가는 기울기의 노름: {0}.',
  'The norm at each step of a gradient that starts at the last step. Dark is large; steps where it vanishes cannot be learned from.':
    '마지막 단계에서 시작한 기울기의 단계별 노름. 진할수록 큽니다. 기울기가 사라진 단계에서는 배울 수 없습니다.',
  'The gradient of the training loss: the losses of all steps contribute.':
    '학습 손실의 기울기: 모든 단계의 손실이 더해집니다.',
  'first step': '첫 단계',
  'measuring the memory': '기억을 재는 중',
  Memory: '기억',
  'The loss with a context of only k symbols, compared with n-gram models.':
    '기호 k개의 문맥만 볼 때의 손실, n-그램 모델과 비교.',
  'symbols read': '읽은 기호',
  'nats per symbol': 'nat(기호당)',
  'more than with the longest': '가장 긴 문맥보다 더',
  Spectrum: '스펙트럼',
  'Norm of the product of Jacobians of {0} after k steps, along real data.':
    '실제 데이터를 따라 k단계 뒤, {0}의 야코비 행렬 곱의 노름.',
  'Eigenvalues: inside the unit circle a direction vanishes, outside it grows, off the real axis it rotates.':
    '고윳값: 단위원 안이면 그 방향이 사라지고, 밖이면 커지고, 실수축을 벗어나면 회전합니다.',
  '1 step back': '1단계 전',
  '{0} steps back': '{0}단계 전',
  'The loss fell from {0} to {1} in {2} steps.': '손실이 {2}단계 동안 {0}에서 {1:으로/로} 내려갔습니다.',
  'The loss fell from {0} to {1} in {2} steps; the best validation was {3}.':
    '손실이 {2}단계 동안 {0}에서 {1:으로/로} 내려갔습니다. 가장 좋은 검증 손실은 {3}입니다.',
  'Training is {0} below validation: the network learns the text memorized. More dropout, or a smaller network, would cost less on new text.':
    '학습 손실이 검증 손실보다 {0} 낮습니다. 글을 외우고 있습니다. 드롭아웃을 키우거나 신경망을 줄이면 새 글에서 손해가 줄어듭니다.',
  Loss: '손실',
  training: '학습',
  validation: '검증',
  'Training loss and validation loss.': '학습 손실과 검증 손실.',
  'step 0': '0단계',
  'step {0}': '{0}단계',
  Truncation: '시간 방향으로 끊기',
  'A window of {0} steps gives a gradient with a cosine of {1} to that of {2} steps. {3}':
    '창이 {0}단계이면 기울기와 {2}단계 기울기의 코사인이 {1}입니다. {3}',
  'Cosine similarity between the gradient of a short window and that of the whole sequence.':
    '짧은 창의 기울기와 시퀀스 전체의 기울기 사이의 코사인 유사도.',
  window: '창',
  'cosine with the whole': '전체와의 코사인',
  'length of it': '길이의 비',
  'Reference: {0}': '참조: {0}',
  '(empty)': '(비어 있음)',
  '1 reference': '참조 1개',
  '{0} references': '참조 {0}개',
  '1 more reference': '참조 1개 더',
  '{0} more references': '참조 {0}개 더',
};
