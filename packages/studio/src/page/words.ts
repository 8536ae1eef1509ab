import { catalogue } from '../words/catalogue.ts';

export const pageWords = catalogue({
  en: {
    language: '한국어로 보기',
    is: (cell: string, layers: number, units: number, parameters: string, steps: string) =>
      `A recurrent network: ${cell}, ${layers} × ${units} units, ${parameters} parameters, after ${steps} training steps`,
    settings: 'How it was trained',
    settingsSay: 'The same settings, data and seed end in the same weights, bit for bit.',
    optimizer: 'optimizer',
    rate: 'learning rate',
    batch: 'batch size',
    seed: 'seed',
    training: 'training',
    validation: 'validation loss',
    loss: 'Loss',
    lossSay: (from: string, to: string) =>
      `It fell from ${from} to ${to}. The validation loss is measured on data that the network was never trained on.`,
    steps: 'training steps',
    grown: 'How it came to that',
    grownSay: 'The same question at several moments of the training.',
    atStep: (step: string) => `step ${step}`,
    broken: 'The network of this page cannot answer here.',
    foot: 'Everything on this page is computed in this page, by the network that is inside of it. It works without a connection, and sends nothing.',
  },
  ko: {
    language: 'View in English',
    is: (cell, layers, units, parameters, steps) =>
      `순환 신경망: ${cell}, ${layers} × ${units} 유닛, 매개변수 ${parameters}개, 학습 ${steps}단계`,
    settings: '어떻게 학습했나',
    settingsSay: '설정, 데이터, 시드가 같으면 가중치가 비트까지 같습니다.',
    optimizer: '옵티마이저',
    rate: '학습률',
    batch: '배치 크기',
    seed: '시드',
    training: '학습',
    validation: '검증 손실',
    loss: '손실',
    lossSay: (from, to) => `${from}에서 ${to}까지 내려갔습니다. 검증 손실은 학습에 쓰지 않은 데이터에서 잽니다.`,
    steps: '학습 단계',
    grown: '어떻게 여기까지 왔나',
    grownSay: '학습의 여러 순간에 같은 것을 물었습니다.',
    atStep: (step) => `단계 ${step}`,
    broken: '이 페이지의 신경망은 여기서 대답할 수 없습니다.',
    foot: '이 페이지의 모든 것은 이 페이지 안에 든 신경망이 여기서 계산합니다. 연결 없이도 되고, 아무것도 보내지 않습니다.',
  },
});
