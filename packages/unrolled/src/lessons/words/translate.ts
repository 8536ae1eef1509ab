import { withParticle } from '../korean.ts';
import type { LessonLanguage, LessonWords } from '../lesson.ts';
import { fixed, percent } from '../numbers.ts';

/** A hypothesis of the beam search, and what it was continued with. */
export interface BeamNode {
  readonly symbol: string;
  readonly logProbability: number;
  readonly kept: boolean;
  readonly children: readonly BeamNode[];
}

interface Evaluated {
  readonly exact: number;
  readonly ownLetters: number;
  readonly forcedLetters: number;
}

interface Found {
  readonly text: string;
  readonly logProbability: number;
}

export interface TranslateValues {
  readonly length: number;
  readonly letters: number;
  readonly steps: number;
  readonly tests: number;
  readonly plain: Evaluated;
  readonly attention: Evaluated;
  readonly map: { readonly source: string; readonly target: string; readonly weights: readonly (readonly number[])[] };
  readonly search: {
    readonly source: string;
    readonly target: string;
    readonly beams: number;
    readonly greedy: Found;
    readonly beam: Found;
    /** Share of strings for which the beam finds a more probable output. */
    readonly better: number;
    readonly tree: BeamNode;
  };
}

const en = {
  title: 'Sequence to sequence, and attention',
  question:
    'A translator is many to one and then one to many: an encoder reads the source, a decoder writes the target. Everything that the source says has to fit into the last state h_T. Does it?',
  prediction:
    'Ten random letters are to be written back to front. Of 200 new strings, how many come out without a mistake: without attention, and with it?',
  choices: ['Few without it, nearly all with it.', 'About half in both cases.', 'Nearly all in both cases.'],
  experiment:
    'Two models of the same size (48 units, bidirectional GRU encoder) learn to reverse 10 letters out of 8 for 400 steps of 32 strings. One gets h_T only (Sutskever et al. 2014), the other may attend to every state of the encoder (Luong et al. 2015). Both were trained with teacher forcing: they read the true letter before, not their own.',
  header: ['', 'strings without a mistake', 'letters, reading its own', 'letters, reading the true ones'],
  without: 'h_T only',
  with: 'with attention',
  map: (source: string, target: string) =>
    `Attention while “${source}” becomes “${target}”: rows are written, columns are read`,
  search: (source: string) => `Two searches in the model without attention, for “${source}”`,
  searchHeader: ['search', 'output', 'log-probability'],
  greedy: 'greedy',
  beam: (n: number) => `beam of ${n}`,
  tree: 'The tree of the beam: log-probability so far; ✗ left the beam',
  shows: (v: TranslateValues) => [
    `Without attention ${percent(v.plain.exact)} of the strings are right, with attention ${percent(v.attention.exact)}. One vector of fixed size is a bottleneck; attention makes a path from each output to the input that it needs.`,
    'The map is a mirrored diagonal: nobody told the model where to look. Each row is a distribution over the source and adds up to 1.',
    `Teacher forcing hides mistakes: reading the true letters, the model without attention gets ${percent(v.plain.forcedLetters)} of the letters right; reading its own, ${percent(v.plain.ownLetters)}, because a mistake is read again.`,
    `Greedy search takes the best letter each time (log-probability ${fixed(v.search.greedy.logProbability, 2)} for this string); a beam of ${v.search.beams} keeps as many hypotheses and finds ${fixed(v.search.beam.logProbability, 2)}. That happens for ${percent(v.search.better)} of the strings.`,
  ],
  limits: [
    'More probable is not the same as correct: a beam searches better in a model that may be wrong.',
    'With much more training and a larger state, ten letters do fit into one vector. Sentences of a language are longer.',
  ],
  commands: [
    'npx unrolled demo translate dates',
    'npx unrolled train translate pairs.tsv --decoder plain',
    'npx unrolled translate runs/my --beams 5 --attention terminal',
  ],
};

export type TranslateWords = typeof en & LessonWords<TranslateValues>;

const ko: TranslateWords = {
  title: '시퀀스에서 시퀀스로(sequence to sequence), 그리고 어텐션(attention)',
  question:
    '번역기는 다대일 뒤에 일대다를 이은 것입니다. 인코더(encoder)가 원문을 읽고 디코더(decoder)가 번역문을 씁니다. 원문에 있는 모든 것이 마지막 상태 h_T에 들어가야 합니다. 다 들어갈까요?',
  prediction:
    '무작위 글자 열 개를 거꾸로 써야 합니다. 새 문자열 200개 가운데 몇 개를 하나도 틀리지 않고 쓸까요? 어텐션이 없을 때와 있을 때로 나누어 맞혀 보세요.',
  choices: ['없으면 몇 개, 있으면 거의 모두', '두 경우 모두 절반쯤', '두 경우 모두 거의 다'],
  experiment:
    '크기가 같은 두 모델(유닛 48개, 양방향 GRU 인코더)이 글자 8종으로 된 길이 10의 문자열을 뒤집는 법을 문자열 32개씩 400단계 동안 배웁니다. 하나는 h_T만 받고(Sutskever 등 2014), 다른 하나는 인코더의 모든 상태에 주의를 줄 수 있습니다(Luong 등 2015). 둘 다 교사 강요(teacher forcing)로, 곧 자기가 쓴 글자가 아니라 바로 앞의 정답 글자를 읽으며 배웠습니다.',
  header: ['', '하나도 틀리지 않은 문자열', '글자 정답률(자기 출력을 읽을 때)', '글자 정답률(정답을 읽을 때)'],
  without: 'h_T만',
  with: '어텐션 있음',
  map: (source, target) =>
    `“${withParticle(`${source}”`, '이/가')} “${withParticle(`${target}”`, '이/가')} 될 때의 어텐션: 가로줄은 쓰는 글자, 세로줄은 읽은 글자`,
  search: (source) => `어텐션이 없는 모델에서 “${source}”의 답을 찾는 두 가지 방법`,
  searchHeader: ['탐색', '출력', '로그 확률'],
  greedy: '탐욕(greedy)',
  beam: (n) => `빔(beam) ${n}`,
  tree: '빔 탐색의 트리: 지금까지의 로그 확률. ✗는 빔에서 탈락한 것',
  shows: (v) => [
    `어텐션이 없으면 문자열의 ${withParticle(percent(v.plain.exact), '을/를')} 맞히고, 있으면 ${withParticle(percent(v.attention.exact), '을/를')} 맞힙니다. 크기가 정해진 벡터 하나는 병목(bottleneck)입니다. 어텐션은 출력마다 필요한 입력으로 가는 길을 놓아 줍니다.`,
    '어텐션은 거울에 비친 대각선을 이룹니다. 어디를 보라고 아무도 알려 주지 않았습니다. 가로줄마다 원문에 대한 분포이고, 더하면 1입니다.',
    `교사 강요는 실수를 가립니다. 어텐션이 없는 모델은 정답 글자를 읽으면 글자의 ${withParticle(percent(v.plain.forcedLetters), '을/를')} 맞히지만, 자기가 쓴 글자를 읽으면 ${percent(v.plain.ownLetters)}만 맞힙니다. 실수를 다시 읽기 때문입니다.`,
    `탐욕 탐색은 매번 가장 그럴듯한 글자를 고르고(이 문자열에서 로그 확률 ${fixed(v.search.greedy.logProbability, 2)}), 폭이 ${v.search.beams}인 빔 탐색(beam search)은 그만큼의 가설을 함께 이어 가서 ${withParticle(fixed(v.search.beam.logProbability, 2), '을/를')} 찾습니다. 문자열의 ${percent(v.search.better)}에서 그렇습니다.`,
  ],
  limits: [
    '더 그럴듯하다고 맞는 것은 아닙니다. 빔 탐색은 모델 안에서 더 잘 찾을 뿐이고, 모델이 틀릴 수 있습니다.',
    '상태를 키우고 훨씬 오래 학습하면 글자 열 개는 벡터 하나에도 들어갑니다. 하지만 문장은 더 깁니다.',
  ],
  commands: en.commands,
};

export const translateWords: Readonly<Record<LessonLanguage, TranslateWords>> = { en, ko };
