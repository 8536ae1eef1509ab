// Words that every view uses.

import { catalogue } from './catalogue.ts';

export const common = catalogue({
  en: {
    studio: 'Studio',
    brand: 'unrolled',
    skip: 'Skip to content',
    make: 'Make',
    views: { train: 'Train', inside: 'Inside', attention: 'Attention', lessons: 'Lessons' },
    runs: 'Runs',
    newRun: '+ new run',
    viewLoading: 'Loading this view.',
    viewFailed: 'This view could not be loaded. Reload the page; the runs are safe.',
    language: '한국어로 보기',
    table: 'Table',
    take: 'Take',
    asPng: 'PNG image',
    asSvg: 'SVG image',
    asCsv: 'CSV table',
    explain: 'Explain',
    dismiss: 'Dismiss',
    watchHere: 'Look at it here',
    failed: {
      missing: 'The run cannot be opened: something of it is not there.',
      corrupt: 'The run cannot be opened: its files are not what was saved.',
      newer: 'The run cannot be opened: a newer version of unrolled wrote it.',
      mismatch: 'The run cannot be opened: its files do not belong together.',
      large: 'The run cannot be opened: it is larger than a page can hold.',
      task: 'The run cannot be opened: this page does not know its task.',
      convert: 'The model cannot be converted.',
      file: 'The file cannot be read.',
      other: 'Something went wrong.',
    },
    trainingStarting: 'Loading the kernels',
    openingRun: 'Opening the run',
    served: 'On this server',
    clamped: (name: string, value: string) => `The link asked for a ${name} that cannot be; ${value} is used.`,
    workerRestarted: (step: string) =>
      `The trainer stopped and was started again. The run continues from step ${step}; nothing before it is lost.`,
    workerLost: 'The trainer stopped before the run was saved. Start it again: the same seed gives the same steps.',
    inspectorLost:
      'What looks into the run stopped, by too little memory or by taking too long. The run is safe; open the view again.',
    slept: (time: string, step: string) =>
      `This computer or this tab was asleep: nothing ran for ${time}. The run continues from step ${step}; nothing is lost.`,
    wasHidden: (steps: string, step: string) =>
      `While this tab was hidden, training went on by ${steps} steps, to step ${step}. The run was saved when you left.`,
    storageFull: (step: string) =>
      `The browser has no space left for this page. The run is safe up to step ${step} and training continues; delete runs to save again.`,
    noStorage:
      'This browser cannot keep runs for this page. Training works; take the run away before you close the tab.',
    elsewhere: (address: string) =>
      `${address} is not on the server that this page is from. Save it there, and drop it on this page.`,
    notKept:
      'This run is not kept in this browser. It was deleted, or trained in another one: take it away there, and drop it here.',
    otherTab: 'This run is open in another tab. Close it there, or look at it here without training.',
    outOfMemory:
      'The run needs more memory than the browser gives to a page. Use fewer units, a smaller batch, or a shorter window.',
  },
  ko: {
    studio: '스튜디오',
    brand: 'unrolled',
    skip: '본문으로 건너뛰기',
    make: '만들기',
    views: { train: '학습', inside: '안쪽', attention: '어텐션', lessons: '수업' },
    runs: '실행',
    newRun: '+ 새 실행',
    viewLoading: '화면을 불러오는 중입니다.',
    viewFailed: '화면을 불러오지 못했습니다. 페이지를 새로 고치세요. 실행은 안전합니다.',
    language: 'View in English',
    table: '표',
    take: '가져가기',
    asPng: 'PNG 이미지',
    asSvg: 'SVG 이미지',
    asCsv: 'CSV 표',
    explain: '설명',
    dismiss: '알림 닫기',
    watchHere: '여기서 보기',
    failed: {
      missing: '실행을 열 수 없습니다. 있어야 할 것이 없습니다.',
      corrupt: '실행을 열 수 없습니다. 파일이 저장할 때와 다릅니다.',
      newer: '실행을 열 수 없습니다. 더 새로운 버전의 unrolled로 만든 것입니다.',
      mismatch: '실행을 열 수 없습니다. 파일들이 서로 맞지 않습니다.',
      large: '실행을 열 수 없습니다. 페이지에 담기에는 너무 큽니다.',
      task: '실행을 열 수 없습니다. 이 페이지가 모르는 과제입니다.',
      convert: '모델을 변환할 수 없습니다.',
      file: '파일을 읽을 수 없습니다.',
      other: '문제가 생겼습니다.',
    },
    trainingStarting: '커널을 불러오는 중',
    openingRun: '실행을 여는 중',
    served: '이 서버의 실행',
    clamped: (name, value) => `링크에 적힌 값을 쓸 수 없어 바꾸었습니다. ${name}: ${value}`,
    workerRestarted: (step) =>
      `학습기가 멈춰 다시 시작했습니다. 저장된 단계(${step})부터 이어지며 그 앞은 그대로입니다.`,
    workerLost: '저장하기 전에 학습기가 멈췄습니다. 다시 시작하세요. 시드가 같으면 같은 단계를 다시 밟습니다.',
    inspectorLost:
      '안쪽을 들여다보던 프로그램이 메모리가 모자라거나 너무 오래 걸려 멈췄습니다. 실행은 안전합니다. 화면을 다시 여세요.',
    slept: (time, step) => `컴퓨터나 탭이 잠들어 있었습니다(${time}). 단계 ${step}부터 이어지고, 잃은 것은 없습니다.`,
    wasHidden: (steps, step) =>
      `탭이 가려진 동안에도 학습했습니다: ${steps}단계를 더해 단계 ${step}. 떠날 때 실행을 저장했습니다.`,
    storageFull: (step) =>
      `이 페이지가 쓸 저장 공간이 없습니다. 단계 ${step}까지는 안전하고 학습은 계속됩니다. 실행을 지우면 다시 저장됩니다.`,
    noStorage: '이 브라우저는 이 페이지의 실행을 저장하지 못합니다. 학습은 되지만 탭을 닫기 전에 가져가세요.',
    elsewhere: (address) =>
      `이 페이지와 다른 서버의 주소입니다: ${address} 파일로 저장한 다음 이 페이지에 끌어 놓으세요.`,
    notKept:
      '이 브라우저에 없는 실행입니다. 지웠거나 다른 브라우저에서 학습한 것입니다. 거기서 가져와 여기에 끌어 놓으세요.',
    otherTab: '다른 탭에서 이 실행을 열고 있습니다. 그 탭을 닫거나, 여기서는 학습하지 않고 보기만 하세요.',
    outOfMemory: '브라우저가 페이지에 주는 것보다 많은 메모리가 필요합니다. 유닛 수, 배치, 창 길이를 줄이세요.',
  },
});
