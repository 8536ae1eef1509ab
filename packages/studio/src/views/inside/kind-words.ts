// The sentences for each kind of run. Classifiers and taggers of texts, clips and number sequences share theirs: only the step has another name.

import { catalogue } from '../../words/catalogue.ts';

/** The sentences for a kind of run. */
interface KindWords
  extends Readonly<Record<'text' | 'symbol' | 'output' | 'symbols' | 'loss' | 'accuracy' | 'next' | 'came', string>> {
  readonly sub: (after: string, n: string) => string;
  readonly nextSay: (before: string, given: string, p: string) => string;
  readonly nextNone: (before: string) => string;
  readonly gradientSay: (given: string) => string;
  readonly lossSay: (symbol: string, loss: string) => string;
  readonly holdSay: (unit: string, value: string) => string;
}

/** Labels of whole texts, clips or sequences; `place` names a step in a sentence. */
const labels = (
  whole: 'text' | 'clip' | 'sequence',
  step: 'token' | 'frame' | 'step',
  place: (n: string) => string,
): KindWords => ({
  text: { text: 'The examples, colored', clip: 'The clips, colored', sequence: 'The sequence, colored' }[whole],
  symbol: step,
  output: 'label',
  symbols: `${step}s read`,
  loss: 'nats per example here',
  accuracy: 'of the examples are labeled correctly',
  sub: (after: string, n: string) => `after step ${after}, reading ${n} ${step}s of examples it was not trained on`,
  next: 'The label so far',
  nextSay: (before: string, label: string, p: string) =>
    `If the ${whole} ended after ${place(before)}, “${label}”, the correct label, would have ${p}.`,
  nextNone: (before: string) => `If the ${whole} ended after ${place(before)}`,
  came: 'correct',
  gradientSay: (label: string) =>
    `How much each ${step} changes the probability of “${label}”, the most probable label if the ${whole} ended at the place you point at.`,
  lossSay: (symbol: string, loss: string) =>
    `The stronger the color, the less probable the correct label after that ${step}. It is least probable after ${place(symbol)}, ${loss} nats.`,
  holdSay: (unit: string, value: string) =>
    `The scores at the end of the ${whole} you look at, as they are and with ${unit} held at ${value}.`,
});

/** A tag or a label for each token, frame or step. */
const tags = (tag: 'tag' | 'label', step: 'token' | 'frame' | 'step', place: (n: string) => string): KindWords => ({
  text: { token: 'The examples, colored', frame: 'The clips, colored', step: 'The sequence, colored' }[step],
  symbol: step,
  output: tag,
  symbols: `${step}s read`,
  loss: `nats per ${step} here`,
  accuracy: `of the ${step}s have the correct ${tag}`,
  sub: (after: string, n: string) => `after step ${after}, reading ${n} ${step}s it was not trained on`,
  next: `The ${tag} here`,
  nextSay: (before: string, found: string, p: string) =>
    `At the end of ${place(before)}, “${found}”, the correct ${tag}, has ${p}.`,
  nextNone: (before: string) => `At the end of ${place(before)}`,
  came: 'correct',
  gradientSay: (found: string) =>
    `How much each ${step} changes the probability of “${found}”, the ${tag} at the place you point at.`,
  lossSay: (symbol: string, loss: string) =>
    `The stronger the color, the less probable the correct ${tag} was. It was least probable at ${place(symbol)}, ${loss} nats.`,
  holdSay: (unit: string, value: string) =>
    `The ${tag}s of the example you look at, and the scores at that place, as they are and with ${unit} held at ${value}.`,
});

const koreanLabels = (
  whole: '글' | '클립' | '시퀀스',
  step: '토큰' | '프레임' | '단계',
  place: (n: string) => string,
): KindWords => ({
  text: { 글: '색칠한 예', 클립: '색칠한 클립', 시퀀스: '색칠한 시퀀스' }[whole],
  symbol: step,
  output: '레이블',
  symbols: `읽은 ${step}`,
  loss: '여기서 예마다 nat',
  accuracy: '레이블을 맞힌 예의 비율',
  sub: (after, n) => `단계 ${after} 뒤, 학습하지 않은 예에서 읽은 ${step}: ${n}개`,
  next: '지금까지의 레이블',
  nextSay: (before, label, p) => `${place(before)}에서 끝난다면 정답 “${label}”의 확률: ${p}`,
  nextNone: (before) => `${place(before)}에서 끝난다면`,
  came: '정답',
  gradientSay: (label) =>
    `가리킨 곳에서 끝난다고 할 때, 가장 그럴듯한 레이블의 확률을 각 ${step}마다 얼마나 바꾸는지입니다: “${label}”`,
  lossSay: (symbol, loss) =>
    `색이 진할수록 그 ${step} 뒤에서 정답의 확률이 낮습니다. 가장 낮은 곳: ${place(symbol)}, ${loss} nat`,
  holdSay: (unit, value) => `보고 있는 예의 끝에서 나온 점수입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
});

const koreanTags = (
  tag: '태그' | '레이블',
  step: '토큰' | '프레임' | '단계',
  place: (n: string) => string,
): KindWords => ({
  text: { 토큰: '색칠한 예', 프레임: '색칠한 클립', 단계: '색칠한 시퀀스' }[step],
  symbol: step,
  output: tag,
  symbols: `읽은 ${step}`,
  loss: `여기서 ${step}마다 nat`,
  accuracy: `맞힌 ${step}의 비율`,
  sub: (after, n) => `단계 ${after} 뒤, 학습하지 않은 예에서 읽은 ${step}: ${n}개`,
  next: `여기의 ${tag}`,
  nextSay: (before, found, p) => `${place(before)}에서 정답 “${found}”의 확률: ${p}`,
  nextNone: (before) => `${place(before)}에서`,
  came: '정답',
  gradientSay: (found) => `가리킨 곳에서 나온 것의 확률을 각 ${step}마다 얼마나 바꾸는지입니다: “${found}”`,
  lossSay: (symbol, loss) => `색이 진할수록 정답의 확률이 낮았습니다. 가장 낮은 곳: ${place(symbol)}, ${loss} nat`,
  holdSay: (unit, value) =>
    `보고 있는 예에서 나온 것과 그 자리의 점수입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
});

const quoted = (text: string) => `“${text}”`;

export const kinds = catalogue({
  en: {
    text: {
      text: 'The text, colored',
      symbol: 'character',
      output: 'character',
      symbols: 'characters read',
      loss: 'nats per character here',
      accuracy: 'of the next characters are the most probable ones',
      sub: (step: string, n: string) => `after step ${step}, reading ${n} characters it was not trained on`,
      next: 'Next character',
      nextSay: (before: string, symbol: string, p: string) =>
        `After “${before}” comes “${symbol}”, to which it gave ${p}.`,
      nextNone: (before: string) => `After “${before}”`,
      came: 'in the text',
      gradientSay: (next: string) =>
        `How much each earlier character changes the probability of “${next}”, the one that follows the place you point at.`,
      lossSay: (symbol: string, loss: string) =>
        `The stronger the color, the less expected the character was. The least expected is “${symbol}”, ${loss} nats.`,
      holdSay: (unit: string, value: string) =>
        `The text continues from the place you look at, once as it is and once with ${unit} held at ${value}, of the same random numbers.`,
    },
    labels: labels('text', 'token', quoted),
    tags: tags('tag', 'token', quoted),
    clips: labels('clip', 'frame', (n) => `frame ${n}`),
    frames: tags('label', 'frame', (n) => `frame ${n}`),
    sequences: labels('sequence', 'step', (n) => `step ${n}`),
    steps: tags('label', 'step', (n) => `step ${n}`),
    translation: {
      text: 'Sources and outputs, colored',
      symbol: 'token',
      output: 'token',
      symbols: 'tokens read and written',
      loss: 'nats per token that it writes',
      accuracy: 'of the outputs are correct',
      sub: (step: string, n: string) => `after step ${step}, ${n} tokens: each source, an arrow, and what it writes`,
      next: 'Next token of the output',
      nextSay: (before: string, token: string, p: string) => `After “${before}” it writes “${token}”, which has ${p}.`,
      nextNone: (before: string) => `After “${before}”`,
      came: 'written',
      gradientSay: (token: string) =>
        `How much each token of the source and of the output so far changes the probability of “${token}”, the one it writes after the place you point at.`,
      lossSay: (symbol: string, loss: string) =>
        `The stronger the color, the less sure the network was of a token it wrote. It was least sure of “${symbol}”, ${loss} nats.`,
      holdSay: (unit: string, value: string) =>
        `The output for the source you look at, as it is and with ${unit} held at ${value}. Units of the encoder are there in the source, those of the decoder from the arrow on.`,
    },
    caption: {
      text: 'Images and captions, colored',
      symbol: 'word',
      output: 'word',
      symbols: 'words written',
      loss: 'nats per word that it writes',
      accuracy: 'of the captions are among those wanted',
      sub: (after: string, n: string) => `after step ${after}, ${n} words about images it was not trained on`,
      next: 'Next word of the caption',
      nextSay: (before: string, word: string, p: string) => `After “${before}” it writes “${word}”, which has ${p}.`,
      nextNone: (before: string) => `After “${before}”`,
      came: 'written',
      gradientSay: (word: string) =>
        `How much each word so far changes the probability of “${word}”, the one it writes after the place you point at. What the image does to it stands below.`,
      lossSay: (symbol: string, loss: string) =>
        `The stronger the color, the less sure the network was of a word it wrote. It was least sure of “${symbol}”, ${loss} nats.`,
      holdSay: (unit: string, value: string) =>
        `The caption of the image you look at, as it is and with ${unit} held at ${value}.`,
    },
    question: {
      text: 'Questions, colored',
      symbol: 'word',
      output: 'answer',
      symbols: 'words read',
      loss: 'nats per question here',
      accuracy: 'of the answers are correct',
      sub: (after: string, n: string) => `after step ${after}, reading ${n} words of questions it was not trained on`,
      next: 'The answer so far',
      nextSay: (before: string, answer: string, p: string) =>
        `When all it has read is “${before}”, “${answer}”, the correct answer, has ${p}.`,
      nextNone: (before: string) => `When all it has read is “${before}”`,
      came: 'correct',
      gradientSay: (answer: string) =>
        `How much each word that was read changes the probability of “${answer}”, the answer at the place you point at. What the image does to it stands below.`,
      lossSay: (symbol: string, loss: string) =>
        `The stronger the color, the less probable the correct answer when that word has been read. It is least probable at “${symbol}”, ${loss} nats.`,
      holdSay: (unit: string, value: string) =>
        `The answers to the question you look at, as they are and with ${unit} held at ${value}.`,
    },
    forecast: {
      text: 'Windows of the series, colored',
      symbol: 'step',
      output: 'value',
      symbols: 'steps read and forecast',
      loss: 'mean error of the first column, in standard deviations',
      accuracy: 'of its values came between the outermost quantiles',
      sub: (after: string, n: string) =>
        `after step ${after}, ${n} steps of windows it was not trained on, and what it forecasts`,
      next: 'The forecast',
      nextSay: (before: string, value: string, p: string) => `${before}: ${value}, ${p}`,
      nextNone: (before: string) => before,
      came: 'came',
      gradientSay: (step: string) =>
        `By how much the forecast of step ${step} changes when what is known of another step does: the values of the past, and columns that are known in advance. Point at a step that is forecast to see another one.`,
      lossSay: (symbol: string, loss: string) =>
        `The stronger the color, the farther the forecast was from what came. It was farthest at step ${symbol}, ${loss} standard deviations.`,
      holdSay: (unit: string, value: string) =>
        `The forecast of the window you look at, as it is and with ${unit} held at ${value}.`,
    },
    graph: {
      text: 'What was read, colored',
      symbol: 'step',
      output: 'output',
      symbols: 'steps read',
      loss: '',
      accuracy: '',
      sub: (_after: string, n: string) => `${n} steps`,
      next: 'The outputs here',
      nextSay: (before: string) => `The strongest numbers of the output after step ${before}.`,
      nextNone: (before: string) => `The strongest numbers of the output after step ${before}.`,
      came: '',
      gradientSay: (output: string) =>
        `How much what the lowest recurrent layer reads at each step changes ${output}, the strongest number that comes out for the place you point at.`,
      lossSay: () => 'No output is wanted here, so there is no loss.',
      holdSay: (unit: string, value: string) =>
        `The numbers that come out for the place you look at, as they are and with ${unit} held at ${value}.`,
    },
  },
  ko: {
    text: {
      text: '색칠한 글',
      symbol: '글자',
      output: '글자',
      symbols: '읽은 글자',
      loss: '여기서 글자당 nat',
      accuracy: '다음 글자를 가장 그럴듯하게 본 비율',
      sub: (step, n) => `단계 ${step} 뒤, 학습하지 않은 글 ${n}자를 읽은 모습`,
      next: '다음 글자',
      nextSay: (before, symbol, p) => `“${before}” 다음 글자는 “${symbol}”, 준 확률은 ${p}`,
      nextNone: (before) => `“${before}” 다음`,
      came: '글에 있는 글자',
      gradientSay: (next) => `앞의 각 글자가, 가리킨 곳 다음 글자의 확률을 얼마나 바꾸는지입니다: “${next}”`,
      lossSay: (symbol, loss) => `색이 진할수록 뜻밖의 글자입니다. 가장 뜻밖의 글자: “${symbol}”, ${loss} nat`,
      holdSay: (unit, value) =>
        `보고 있는 곳에서 글을 이어 씁니다. 한 번은 그대로, 한 번은 고정하고(${unit} = ${value}), 같은 난수로 씁니다.`,
    },
    labels: koreanLabels('글', '토큰', (text) => `“${text}” 뒤`),
    tags: koreanTags('태그', '토큰', (text) => `“${text}” 끝`),
    clips: koreanLabels('클립', '프레임', (n) => `프레임 ${n} 뒤`),
    frames: koreanTags('레이블', '프레임', (n) => `프레임 ${n} 자리`),
    sequences: koreanLabels('시퀀스', '단계', (n) => `단계 ${n} 뒤`),
    steps: koreanTags('레이블', '단계', (n) => `단계 ${n} 자리`),
    translation: {
      text: '색칠한 원문과 출력',
      symbol: '토큰',
      output: '토큰',
      symbols: '읽고 쓴 토큰',
      loss: '쓰는 토큰당 nat',
      accuracy: '맞은 출력의 비율',
      sub: (step, n) => `단계 ${step} 뒤, 토큰 ${n}개: 원문, 화살표, 그리고 쓴 것`,
      next: '출력의 다음 토큰',
      nextSay: (before, token, p) => `“${before}” 다음에 쓰는 토큰은 “${token}”, 확률은 ${p}`,
      nextNone: (before) => `“${before}” 다음`,
      came: '쓴 토큰',
      gradientSay: (token) =>
        `가리킨 곳 다음에 쓰는 토큰의 확률을, 원문과 지금까지 쓴 각 토큰이 얼마나 바꾸는지입니다: “${token}”`,
      lossSay: (symbol, loss) => `색이 진할수록 자신 없이 쓴 토큰입니다. 가장 자신 없던 토큰: “${symbol}”, ${loss} nat`,
      holdSay: (unit, value) =>
        `보고 있는 원문의 출력입니다. 그대로일 때와 고정했을 때(${unit} = ${value}). 인코더의 유닛은 원문에, 디코더의 유닛은 화살표부터 있습니다.`,
    },
    caption: {
      text: '색칠한 이미지와 캡션',
      symbol: '단어',
      output: '단어',
      symbols: '쓴 단어',
      loss: '쓰는 단어당 nat',
      accuracy: '바라던 캡션 가운데 하나인 비율',
      sub: (after, n) => `단계 ${after} 뒤, 학습하지 않은 이미지에 쓴 단어: ${n}개`,
      next: '캡션의 다음 단어',
      nextSay: (before, word, p) => `“${before}” 다음에 쓰는 단어는 “${word}”, 확률은 ${p}`,
      nextNone: (before) => `“${before}” 다음`,
      came: '쓴 단어',
      gradientSay: (word) =>
        `가리킨 곳 다음에 쓰는 단어의 확률을, 지금까지 쓴 각 단어가 얼마나 바꾸는지입니다. 이미지가 바꾸는 정도는 아래에 있습니다: “${word}”`,
      lossSay: (symbol, loss) => `색이 진할수록 자신 없이 쓴 단어입니다. 가장 자신 없던 단어: “${symbol}”, ${loss} nat`,
      holdSay: (unit, value) => `보고 있는 이미지의 캡션입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
    },
    question: {
      text: '색칠한 질문',
      symbol: '단어',
      output: '답',
      symbols: '읽은 단어',
      loss: '여기서 질문마다 nat',
      accuracy: '맞은 답의 비율',
      sub: (after, n) => `단계 ${after} 뒤, 학습하지 않은 질문에서 읽은 단어: ${n}개`,
      next: '지금까지의 답',
      nextSay: (before, answer, p) => `“${before}”까지만 읽었을 때 정답 “${answer}”의 확률: ${p}`,
      nextNone: (before) => `“${before}”까지만 읽었을 때`,
      came: '정답',
      gradientSay: (answer) =>
        `가리킨 곳에서 나오는 답의 확률을, 읽은 각 단어가 얼마나 바꾸는지입니다. 이미지가 바꾸는 정도는 아래에 있습니다: “${answer}”`,
      lossSay: (symbol, loss) =>
        `색이 진할수록 그 단어까지 읽었을 때 정답의 확률이 낮습니다. 가장 낮은 곳: “${symbol}”, ${loss} nat`,
      holdSay: (unit, value) => `보고 있는 질문의 답입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
    },
    forecast: {
      text: '색칠한 시계열 창',
      symbol: '단계',
      output: '값',
      symbols: '읽고 예측한 단계',
      loss: '첫 열의 평균 오차, 표준편차 단위',
      accuracy: '가장 바깥 분위수 사이에 온 값의 비율',
      sub: (after, n) => `단계 ${after} 뒤, 학습하지 않은 창과 예측의 단계: ${n}개`,
      next: '예측',
      nextSay: (before, value, p) => `예측 ${before}: ${value}, ${p}`,
      nextNone: (before) => `예측 ${before}`,
      came: '온 값',
      gradientSay: (step) =>
        `지난 단계의 값이나 미리 아는 열이 바뀔 때 예측이 얼마나 바뀌는지입니다. 다른 예측을 보려면 예측한 단계를 가리키세요. 예측 단계: ${step}`,
      lossSay: (symbol, loss) =>
        `색이 진할수록 예측이 실제로 온 값에서 멉니다. 가장 먼 단계: ${symbol}, 표준편차의 ${loss}배`,
      holdSay: (unit, value) => `보고 있는 창의 예측입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
    },
    graph: {
      text: '색칠한 입력',
      symbol: '단계',
      output: '출력',
      symbols: '읽은 단계',
      loss: '',
      accuracy: '',
      sub: (_after, n) => `단계 ${n}개`,
      next: '여기의 출력',
      nextSay: (before) => `단계 ${before} 뒤의 출력에서 가장 큰 수들입니다.`,
      nextNone: (before) => `단계 ${before} 뒤의 출력에서 가장 큰 수들입니다.`,
      came: '',
      gradientSay: (output) =>
        `가장 아래 순환 층이 각 단계에서 읽은 것이, 가리킨 곳의 출력에서 가장 큰 수를 얼마나 바꾸는지입니다: ${output}`,
      lossSay: () => '바라는 출력이 없으므로 손실도 없습니다.',
      holdSay: (unit, value) => `보고 있는 곳의 출력입니다. 그대로일 때와 고정했을 때: ${unit} = ${value}`,
    },
  },
});
