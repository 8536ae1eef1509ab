import { catalogue } from '../../words/catalogue.ts';

export const openedWords = catalogue({
  en: {
    title: 'Opened',
    parameters: (n: string) => `${n} parameters`,
    fromRun: (source: string) =>
      `A run from ${source}. It was verified when it was opened, and is kept in this browser.`,
    fromModel: (source: string, format: string) =>
      `A model from ${source}, written by ${format}. Its network was converted and certified here, and is kept in this browser.`,
    atStep: (step: string) => `Its weights are those of step ${step}.`,
  },
  ko: {
    title: '연 실행',
    parameters: (n) => `매개변수 ${n}개`,
    fromRun: (source) => `연 곳: ${source}. 열 때 검증했고 이 브라우저에 보관합니다.`,
    fromModel: (source, format) =>
      `연 모델: ${source} (${format}). 여기서 변환하고 인증했으며 이 브라우저에 보관합니다.`,
    atStep: (step) => `가중치의 단계: ${step}.`,
  },
});
