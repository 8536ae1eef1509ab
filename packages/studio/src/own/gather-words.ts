// Words about clips that are gathered.

import { catalogue } from '../words/catalogue.ts';

export const gatherWords = catalogue({
  en: {
    title: 'Clips of your gestures',
    say: (frames: string) =>
      `Record clips of about a second, ${frames} small frames each, of two classes or more: a wave and a nod, or a gesture and nothing at all. They stay in this browser.`,
    newClass: (n: string) => `Class ${n}`,
    name: (n: string) => `Name of class ${n}`,
    taken: 'Another class has this name, or there is no letter in it.',
    clips: (n: string) => (n === '1' ? '1 clip' : `${n} clips`),
    hold: 'Hold to record',
    holdSay:
      'Hold a button with the pointer or with Space: a clip every second. A short press records one. The other button counts to three first, so that both hands are free.',
    burst: (n: string) => `Record ${n}`,
    stop: 'Stop',
    of: (what: string, label: string) => `${what}: ${label}`,
    removeClass: 'Delete the class',
    removeSure: (label: string, n: string) => `Delete ${label} with its clips (${n})?`,
    addClass: 'Add a class',
    clip: (n: string, count: string, label: string) => `Clip ${n} of ${count}: ${label}`,
    clipsOf: (label: string) => `Clips of ${label}`,
    removeClip: (n: string) => `Delete clip ${n}`,
    frames: (n: string) => `Clip ${n}, frames from its beginning to its end`,
    save: 'Save the clips, zip',
    saveSay:
      'Drop the file on this page to have the clips again. Unpacked, `unrolled train video` learns from its folder, with `--size 32`.',
    startsIn: (n: string) => `Begins in ${n}`,
    recordingNow: (label: string) => `Recording ${label}`,
    progress: (done: string, count: string) => `${done} of ${count}`,
    lackClasses: (least: string) => `Record clips of at least ${least} classes.`,
    lackClips: (label: string, count: string, least: string) =>
      `${label} has ${count} of the ${least} clips that it needs at least.`,
    few: (label: string, good: string) =>
      `This can be trained. It learns more surely from ${good} clips of each class; ${label} has the fewest.`,
    enough: 'This can be trained.',
    full: (most: string) => `There are ${most} clips, the most that a page learns from; no more are taken.`,
  },
  ko: {
    title: '내 동작의 클립',
    say: (frames) =>
      `1초쯤 되는 클립을 작은 프레임 ${frames}장씩, 둘 이상의 클래스로 녹화하세요. 손 흔들기와 고개 끄덕이기, 또는 어떤 동작과 아무것도 하지 않기처럼요. 이 브라우저 밖으로 나가지 않습니다.`,
    newClass: (n) => `클래스 ${n}`,
    name: (n) => `클래스 ${n}의 이름`,
    taken: '다른 클래스의 이름이거나, 글자가 없는 이름입니다.',
    clips: (n) => `클립 ${n}개`,
    hold: '눌러서 녹화',
    holdSay:
      '포인터나 스페이스 키로 누르고 있으면 1초마다 클립이 하나씩 생깁니다. 짧게 누르면 하나만 녹화합니다. 다른 단추는 셋을 센 뒤 녹화하므로 두 손이 자유롭습니다.',
    burst: (n) => `${n}개 녹화`,
    stop: '멈추기',
    of: (what, label) => `${what}: ${label}`,
    removeClass: '클래스 지우기',
    removeSure: (label, n) => `이 클래스와 클립을 지울까요? ${label} (${n}개)`,
    addClass: '클래스 더하기',
    clip: (n, count, label) => `${label}: 클립 ${count}개 가운데 ${n}번`,
    clipsOf: (label) => `클립: ${label}`,
    removeClip: (n) => `클립 ${n} 지우기`,
    frames: (n) => `클립 ${n}, 처음부터 끝까지의 프레임`,
    save: '클립 저장, zip',
    saveSay:
      '이 파일을 페이지에 끌어 놓으면 클립이 다시 나타납니다. 압축을 풀면 `unrolled train video`가 그 폴더에서 배웁니다(`--size 32`).',
    startsIn: (n) => `시작까지 ${n}`,
    recordingNow: (label) => `녹화 중: ${label}`,
    progress: (done, count) => `${done} / ${count}`,
    lackClasses: (least) => `클래스 ${least}개 이상의 클립을 녹화하세요.`,
    lackClips: (label, count, least) => `${label}: 클립이 적어도 ${least}개 필요한데 ${count}개입니다.`,
    few: (label, good) =>
      `학습할 수 있습니다. 클래스마다 클립이 ${good}개면 더 확실히 배웁니다. 가장 적은 클래스: ${label}`,
    enough: '학습할 수 있습니다.',
    full: (most) => `클립이 페이지에서 배울 수 있는 가장 많은 수(${most}개)라 더 받지 않습니다.`,
  },
});
