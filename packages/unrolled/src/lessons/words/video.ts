import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { percent } from '../numbers.ts';

export type Motion = 'left' | 'right' | 'up' | 'down' | 'still';

export interface VideoValues {
  readonly tests: number;
  readonly steps: number;
  readonly frames: number;
  readonly side: number;
  /** Accuracy with all frames, and with the last one alone. */
  readonly wholeClip: number;
  readonly oneFrame: number;
  readonly chance: number;
  readonly perFrame: { readonly accuracy: number; readonly losses: readonly number[] };
  /** The motion of each frame: left, right, up, down, or still. */
  readonly shown: readonly {
    readonly pixels: readonly number[];
    readonly target: Motion;
    readonly predicted: Motion;
  }[];
}

const en = {
  title: 'Video: by clip, and frame by frame',
  question:
    'A video is a sequence of images: a CNN reads each frame, a recurrent network reads what the CNN saw. What does it know that one frame cannot tell?',
  prediction:
    'A dot moves left, right, up or down. From its last frame alone, how often can its motion be told? And from all eight?',
  choices: [
    'From one frame about every fourth time, from all nearly always.',
    'Nearly always, from one frame too.',
    'About every fourth time, from all frames too.',
  ],
  experiment:
    'Clips of 8 frames of 8 × 8 pixels; the dot moves by a pixel a frame, on a square whose edges meet, so that every place is equally frequent in every motion. A CNN of two stages and a GRU of 32 units label the clip (many to one), or every frame of clips in which the dot turns once (many to many). 300 steps of 32 new clips each, tested on 200 others.',
  header: ['reads', 'correct'],
  oneFrame: 'the last frame alone',
  wholeClip: 'the whole clip, one label',
  perFrame: 'the whole clip, a label for every frame',
  shown: 'A new clip: its first six frames, each with its motion since the frame before (the first: still)',
  motions: { left: 'left', right: 'right', up: 'up', down: 'down', still: 'still' } as Readonly<Record<Motion, string>>,
  timeline: 'The same clip, frame by frame',
  timelineHeader: ['frame', 'target', 'predicted'],
  chart: 'The loss while training, frame by frame',
  shows: (v: VideoValues) => [
    `From one frame ${percent(v.oneFrame)} of the clips are labeled correctly, about chance (${percent(v.chance)}); from ${v.frames} frames ${percent(v.wholeClip)}. The motion is in no frame: it is in the state that goes from frame to frame.`,
    `A label for every frame is right for ${percent(v.perFrame.accuracy)} of the frames, though the dot turns at a frame that is not known before.`,
  ],
  limits: [
    'Many videos are told from one frame: a swimming pool is swimming. A recurrent network has to be compared with the mean over frames.',
    'With features of a CNN that was trained on photographs, the first half needs no training; that is how longer videos are usually done.',
  ],
  commands: [
    'npx unrolled demo video',
    'npx unrolled train video --demo clips --per-frame',
    'npx unrolled train video clips/ --encoder mobilenet.onnx',
  ],
};

export type VideoWords = typeof en & LessonWords<VideoValues>;

const ko: VideoWords = {
  title: '비디오: 클립마다, 프레임(frame)마다',
  question:
    '비디오는 이미지의 시퀀스입니다. CNN이 프레임을 하나씩 보고, 순환 신경망이 CNN이 본 것을 읽습니다. 프레임 하나로는 알 수 없는 무엇을 알게 될까요?',
  prediction:
    '점이 왼쪽, 오른쪽, 위, 아래 가운데 한쪽으로 움직입니다. 마지막 프레임 하나만 보고 방향을 얼마나 맞힐 수 있을까요? 프레임 여덟 개를 다 보면 어떨까요?',
  choices: ['하나로는 네 번에 한 번쯤, 다 보면 거의 늘', '하나만 보아도 거의 늘', '다 보아도 네 번에 한 번쯤'],
  experiment:
    '8 × 8 픽셀 프레임 8개짜리 클립(clip)입니다. 점은 프레임마다 한 픽셀씩 움직이고 가장자리가 서로 이어져 있어, 어느 방향이든 모든 자리에 고루 나타납니다. 두 단계짜리 CNN과 유닛 32개짜리 GRU가 클립 전체에 레이블(label) 하나를 붙이거나(다대일), 점이 한 번 방향을 바꾸는 클립의 프레임마다 레이블을 붙입니다(다대다). 새 클립 32개씩 300단계 학습하고 다른 클립 200개로 시험합니다.',
  header: ['읽는 것', '정답률'],
  oneFrame: '마지막 프레임 하나',
  wholeClip: '클립 전체, 레이블 하나',
  perFrame: '클립 전체, 프레임마다 레이블',
  shown: '새 클립의 처음 여섯 프레임과 바로 앞 프레임에서 움직인 방향(첫 프레임은 정지)',
  motions: { left: '왼쪽', right: '오른쪽', up: '위', down: '아래', still: '정지' },
  timeline: '같은 클립을 프레임마다',
  timelineHeader: ['프레임', '정답', '예측'],
  chart: '학습하는 동안의 손실(프레임마다)',
  shows: (v) => [
    `프레임 하나로는 클립의 ${percent(v.oneFrame)}만 맞혀 우연 수준(${percent(v.chance)})과 비슷하고, 프레임 ${v.frames}개를 읽으면 ${percent(v.wholeClip)}를 맞힙니다. 움직임은 어느 프레임에도 없고, 프레임에서 프레임으로 이어지는 상태에 있습니다.`,
    `프레임마다 레이블을 붙이면 프레임의 ${percent(v.perFrame.accuracy)}를 맞힙니다. 점이 언제 방향을 바꿀지 미리 알 수 없는데도 그렇습니다.`,
  ],
  limits: [
    '프레임 하나로 알 수 있는 비디오도 많습니다. 수영장이 보이면 수영입니다. 순환 신경망은 프레임의 평균을 쓰는 모델과 견주어야 합니다.',
    '사진으로 미리 학습한 CNN의 특징을 쓰면 앞쪽 절반은 학습할 필요가 없습니다. 긴 비디오는 보통 그렇게 합니다.',
  ],
  commands: en.commands,
};

export const videoWords: Readonly<Record<LessonLanguage, VideoWords>> = { en, ko };
