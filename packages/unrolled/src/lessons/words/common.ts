// The words around every lesson.

import type { LessonLanguage } from '../lesson.ts';

const en = {
  series: 'Recurrent networks, a course in experiments',
  prediction: 'Your guess:',
  answer: 'The answer:',
  experiment: 'The experiment',
  shows: 'What it shows',
  limits: 'What it does not show',
  commands: 'With your own data',
  next: 'Next',
  previous: 'Before',
  stepsBack: 'steps back',
  step: 'training step',
  loss: 'loss',
  feedback: 'each output is the next input',
  measuredIn: (seconds: number) => `measured in ${seconds.toFixed(1)} s`,
};

const ko: typeof en = {
  series: '실험으로 배우는 순환 신경망',
  prediction: '먼저 맞혀 보세요.',
  answer: '답:',
  experiment: '실험',
  shows: '여기서 알 수 있는 점',
  limits: '이 실험만으로는 알 수 없는 점',
  commands: '내 데이터로 해 보기',
  next: '다음',
  previous: '이전',
  stepsBack: '거슬러 올라간 단계 수',
  step: '학습 단계',
  loss: '손실',
  feedback: '출력이 다음 단계의 입력이 됩니다',
  measuredIn: (seconds) => `측정 시간 ${seconds.toFixed(1)}초`,
};

/** The words around every lesson, by language. */
export const lessonTerms: Readonly<Record<LessonLanguage, typeof en>> = { en, ko };
