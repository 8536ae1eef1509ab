// The data of a run before it trains: noise, amount, another draw, and some of them.

import { catalogue } from '../../words/catalogue.ts';

export const dataWords = catalogue({
  en: {
    title: 'Data',
    says: {
      made: 'They are made here by a rule. Their seed is not that of the weights: another one draws other examples of the same rule.',
      needed:
        'Sequences are drawn while it trains. Noise and data seed change those that train; what it is tested on stays the same.',
      fixed: 'The last part is not trained on: it validates.',
    },
    noise: {
      characters: { label: 'Character noise', hint: 'part of the characters replaced at random' },
      source: { label: 'Character noise', hint: 'part of the source characters replaced at random' },
      labels: { label: 'Label noise', hint: 'part of the training labels drawn at random' },
      tags: { label: 'Label noise', hint: 'part of the training tags drawn at random' },
      targets: { label: 'Target noise', hint: 'Gaussian, standard deviation; on training targets' },
      pixels: { label: 'Pixel noise', hint: 'Gaussian, standard deviation; the range is 1' },
      series: { label: 'Noise', hint: 'Gaussian, standard deviation in units of the series' },
    },
    units: {
      characters: (least: string, most: string) => `characters, ${least} to ${most}`,
      examples: (least: string, most: string) => `examples, ${least} to ${most}`,
      scenes: (least: string, most: string) => `scenes, ${least} to ${most}`,
      steps: (least: string, most: string) => `time steps, ${least} to ${most}`,
    },
    again: 'Draw again',
    previewTitle: 'Examples',
    preview: {
      text: 'How the text begins.',
      rows: 'The first examples, and the target of each.',
      images: 'The first images, and the target of each.',
      series: 'The first 336 steps of one column; dashed, the same without noise.',
    },
    marked: 'What noise changed is underlined.',
    input: 'input',
    target: 'target',
    step: 'step',
    value: 'value',
    plain: 'without noise',
    hidden: (n: number) =>
      n === 1 ? 'One setting is set by the link and not shown.' : `${n} settings are set by the link and not shown.`,
    show: 'Show all',
    link: 'Link',
    linkSay:
      'It opens this page with this example and these settings, and trains to the same bits on any machine. For a class, controls can be left out of the form; their values count all the same, and whoever opens the link can show them.',
    linkOwn: 'Your own data are not in it.',
    leaveOut: 'Leave controls out of the form',
    leave: 'Leave out',
  },
  ko: {
    title: '데이터',
    says: {
      made: '규칙에 따라 여기서 만듭니다. 시드는 가중치의 시드와 따로이며, 시드를 바꾸면 같은 규칙에서 다른 예제가 나옵니다.',
      needed:
        '학습하는 동안 시퀀스를 만듭니다. 잡음과 데이터 시드는 학습용 시퀀스만 바꾸고, 시험용 시퀀스는 그대로입니다.',
      fixed: '마지막 부분은 학습하지 않고 검증에 씁니다.',
    },
    noise: {
      characters: { label: '글자 잡음', hint: '무작위로 바꾸는 글자의 비율' },
      source: { label: '글자 잡음', hint: '무작위로 바꾸는 원문 글자의 비율' },
      labels: { label: '레이블 잡음', hint: '무작위로 뽑는 학습 레이블의 비율' },
      tags: { label: '레이블 잡음', hint: '무작위로 뽑는 학습 태그의 비율' },
      targets: { label: '타깃 잡음', hint: '학습 타깃에 더하는 가우스 잡음의 표준편차' },
      pixels: { label: '픽셀 잡음', hint: '가우스 잡음의 표준편차, 값의 범위가 1' },
      series: { label: '잡음', hint: '가우스 잡음의 표준편차, 시계열의 단위' },
    },
    units: {
      characters: (least, most) => `글자 수, ${least}~${most}`,
      examples: (least, most) => `예제 수, ${least}~${most}`,
      scenes: (least, most) => `장면 수, ${least}~${most}`,
      steps: (least, most) => `시간 단계 수, ${least}~${most}`,
    },
    again: '다시 뽑기',
    previewTitle: '예제',
    preview: {
      text: '글의 첫머리입니다.',
      rows: '처음 몇 예제와 타깃입니다.',
      images: '처음 몇 이미지와 타깃입니다.',
      series: '한 열의 처음 336단계입니다. 파선은 잡음이 없을 때의 값입니다.',
    },
    marked: '잡음이 바꾼 곳에는 밑줄이 있습니다.',
    input: '입력',
    target: '타깃',
    step: '단계',
    value: '값',
    plain: '잡음 없음',
    hidden: (n) => `설정 ${n}개는 링크가 정했고 보이지 않습니다.`,
    show: '모두 보기',
    link: '링크',
    linkSay:
      '이 예제와 설정으로 이 페이지를 열며, 어느 컴퓨터에서나 같은 비트로 학습합니다. 수업을 위해 일부 설정을 양식에서 뺄 수 있습니다. 뺀 설정의 값도 그대로 쓰이고, 링크를 연 사람은 다시 볼 수 있습니다.',
    linkOwn: '내 데이터는 링크에 들어가지 않습니다.',
    leaveOut: '양식에서 설정 빼기',
    leave: '뺄 설정',
  },
});
