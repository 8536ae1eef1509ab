import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, percent } from '../numbers.ts';

export interface SampleValues {
  /** The first step of the slide: probability of the target, and of the letter with the highest score. */
  readonly hello: { readonly target: number; readonly best: number; readonly letter: string };
  readonly steps: number;
  readonly loss: number;
  readonly length: number;
  readonly prompt: string;
  readonly loop: readonly {
    readonly reads: string;
    readonly top: readonly { readonly symbol: string; readonly p: number }[];
    readonly drawn: string;
    readonly probability: number;
  }[];
  /** The letter that the loop begins with, and the most probable one after it. */
  readonly next: { readonly after: string; readonly symbol: string };
  /** argmax, τ = 0.5, 1, 2. */
  readonly ways: readonly {
    readonly name: string;
    /** Of `next`. */
    readonly probability: number;
    readonly text: string;
    readonly different: number;
    readonly period: number | null;
    readonly pieces: readonly (readonly [symbols: number, pieces: number])[];
  }[];
}

const en = {
  title: 'Sampling: one letter at a time',
  question:
    'To write, a network is given one letter, samples the next from its distribution, reads what it sampled, and so on. Why sample? Why not take the most probable letter?',
  prediction:
    'A network that has read a few seconds of text writes 600 characters, always taking the most probable next letter. What will the text look like?',
  choices: ['Much like the text that was read.', 'The same few words over and over.', 'Letters without any order.'],
  experiment:
    'A GRU with 96 units reads small English stories for 400 training steps. Then it writes 600 characters: once by always taking the most probable letter (argmax), three times by sampling at a temperature τ, which divides the scores y before the softmax: p = softmax(y / τ).',
  loop: 'The loop: letter → distribution → sample → next letter',
  ways: 'Four ways to choose the next letter',
  header: (after: string, symbol: string) => [
    'decoding',
    `p(${symbol}) after ${after}`,
    'new 8-letter pieces',
    'repeats itself',
  ],
  none: 'no',
  period: (p: number) => `every ${p} characters`,
  chart: 'Different pieces of 8 letters so far',
  drawn: 'characters written',
  shows: (v: SampleValues) => [
    `At the first step of “hello” the slide’s network has p(e) = ${fixed(v.hello.target, 3)} and p(${v.hello.letter}) = ${fixed(v.hello.best, 3)}: the most probable letter is never e, sampling writes it once in eight times.`,
    `Argmax: only ${percent(v.ways[0].different)} of its pieces are new${v.ways[0].period === null ? '' : `, and it ends by repeating the same ${v.ways[0].period} characters for ever`}. The same state leads to the same choice, so it cannot leave the circle.`,
    `A temperature changes the distribution: the most probable letter after ${v.next.after} has p = ${fixed(v.ways[1].probability, 2)} at τ = 0.5, ${fixed(v.ways[2].probability, 2)} at τ = 1 and ${fixed(v.ways[3].probability, 2)} at τ = 2. A low τ makes the probable more probable, a high one gives every letter a chance.`,
    `Of the pieces ${percent(v.ways[1].different)}, ${percent(v.ways[2].different)} and ${percent(v.ways[3].different)} are new: no sampled text goes round in a circle, and at τ = 2 nearly everything is new, because hardly a word is one.`,
  ],
  limits: [
    'New is not the same as good: τ = 2 writes what nobody has read before. Where one answer is correct, as in a translation, take the most probable (lesson `translate`); to write a text, sample.',
  ],
  commands: ['npx unrolled sample runs/my --temperature 0.8', 'npx unrolled sample runs/my --greedy'],
};

export type SampleWords = typeof en & LessonWords<SampleValues>;

const ko: SampleWords = {
  title: '분포에서 뽑기(sampling): 한 글자씩',
  question:
    '글을 지을 때 신경망은 글자 하나를 받아 다음 글자의 분포를 내고, 거기서 하나를 뽑아 다시 입력으로 씁니다. 왜 뽑을까요? 가장 그럴듯한 글자를 고르면 안 될까요?',
  prediction: '몇 초 동안 글을 읽은 신경망이 늘 가장 그럴듯한 글자만 골라 600글자를 씁니다. 어떤 글이 나올까요?',
  choices: ['읽은 글과 비슷합니다.', '같은 말 몇 마디를 되풀이합니다.', '아무 차례 없는 글자들입니다.'],
  experiment:
    '유닛 96개짜리 GRU가 짧은 영어 이야기를 400단계 동안 학습합니다. 그런 다음 600글자를 씁니다. 한 번은 늘 확률이 가장 높은 글자를 고르고(argmax), 세 번은 온도(temperature) τ를 달리하며 확률에 따라 뽑습니다. 온도는 소프트맥스 앞에서 점수 y를 나눕니다. p = softmax(y / τ)입니다.',
  loop: '루프: 글자 → 분포 → 뽑기 → 다음 글자',
  ways: '다음 글자를 고르는 네 가지 방법',
  header: (after, symbol) => ['방법', `${after} 다음 p(${symbol})`, '처음 나온 8글자 조각', '되풀이'],
  none: '없음',
  period: (p) => `${p}글자마다`,
  chart: '지금까지 나온 서로 다른 8글자 조각',
  drawn: '쓴 글자 수',
  shows: (v) => [
    `“hello”의 첫 단계에서 슬라이드의 신경망은 p(e) = ${fixed(v.hello.target, 3)}, p(${v.hello.letter}) = ${withParticle(fixed(v.hello.best, 3), '을/를')} 줍니다. 가장 그럴듯한 글자만 고르면 e는 결코 나오지 않지만, 뽑으면 여덟 번에 한 번은 나옵니다.`,
    `argmax: 조각 가운데 처음 나온 것은 ${percent(v.ways[0].different)}뿐입니다.${v.ways[0].period === null ? '' : ` 끝에는 같은 ${v.ways[0].period}글자를 끝없이 되풀이합니다.`} 같은 상태는 같은 선택으로 이어지므로 빠져나올 수 없습니다.`,
    `온도는 분포를 바꿉니다. ${v.next.after} 다음에 가장 그럴듯한 글자의 확률은 τ = 0.5일 때 ${fixed(v.ways[1].probability, 2)}, τ = 1일 때 ${fixed(v.ways[2].probability, 2)}, τ = 2일 때 ${fixed(v.ways[3].probability, 2)}입니다. τ를 낮추면 그럴듯한 글자가 더 그럴듯해지고, 높이면 모든 글자에 기회가 돌아갑니다.`,
    `처음 나온 조각의 비율은 차례로 ${percent(v.ways[1].different)}, ${percent(v.ways[2].different)}, ${percent(v.ways[3].different)}입니다. 뽑아서 쓴 글은 제자리를 맴돌지 않습니다. τ = 2에서는 제대로 된 단어가 드물어 거의 모든 조각이 새롭습니다.`,
  ],
  limits: [
    '처음 나온 조각이 많다고 좋은 글은 아닙니다. τ = 2는 아무도 읽은 적 없는 것을 씁니다. 번역처럼 맞는 답이 있으면 확률이 가장 높은 것을 고르고(수업 `translate`), 글을 지을 때는 확률에 따라 뽑으십시오.',
  ],
  commands: en.commands,
};

export const sampleWords: Readonly<Record<LessonLanguage, SampleWords>> = { en, ko };
