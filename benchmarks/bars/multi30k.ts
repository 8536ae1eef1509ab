// German to English on Multi30k's captions: what it is worth to look. Three translators alike but for their decoder learn from the same batches in the
// same order: started from the encoder (Sutskever), with its last output at every step (Cho), with attention (Bahdanau).

import { type DecoderKind } from 'unrolled';
import { translateAll } from 'unrolled/pipelines';
import { bleu } from 'unrolled/metrics';
import type { BarResult, Bars } from './bar.ts';
import { dataFile, howToGetData } from './data.ts';
import { Symbols, type TokenPairs, toPairs, trainTranslator } from './translate.ts';

const minutes = 45;
const [epochs, batchSize, lr, hiddenSize] = [9, 64, 2e-3, 256];
const settings = `biGRU and GRU of ${hiddenSize}, embedding ${hiddenSize}, dropout .4, words in lowercase that come twice, B=${batchSize}, Adam ${lr}, cosine, clip 1, ${epochs} epochs, seed 1`;
const search = { beams: 5, lengthPenalty: 1, maxLength: 60, never: [1] };

function lines(part: string, language: string): string[] | null {
  return dataFile(`translation-multi30k/${part}.${language}.gz`)?.toString('utf8').trimEnd().split('\n') ?? null;
}

/** Words and marks, in lowercase. */
const tokens = (line: string): string[] =>
  line.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s]/gu) ?? [];

function read(part: string): (TokenPairs & { readonly references: readonly string[] }) | null {
  const [de, en] = [lines(part, 'de'), lines(part, 'en')];
  return de && en && { sources: de.map(tokens), targets: en.map(tokens), references: en };
}

export const multi30k: Bars = async () => {
  const bars = ['least validation perplexity, plain > context > attention', 'BLEU of attention on validation, beam 5'];
  const [train, validation] = [read('train'), read('val')];
  if (!train || !validation) {
    const measured = howToGetData('translation-multi30k');
    return bars.map((name) => ({
      bar: `Multi30k de → en: ${name}`,
      settings,
      measured,
      required: '',
      met: null,
      seconds: 0,
    }));
  }
  const [de, en] = [new Symbols(train.sources, 2), new Symbols(train.targets, 2)];
  const [trainPairs, validationPairs] = [toPairs(train, de, en), toPairs(validation, de, en)];
  const perplexity: number[] = [];
  let total = 0;
  let score: ReturnType<typeof bleu> | null = null;
  for (const decoder of ['plain', 'context', 'additive'] as const satisfies DecoderKind[]) {
    let least = Infinity;
    const { model, seconds } = await trainTranslator({
      name: `Multi30k, ${decoder}`,
      model: {
        sourceVocabulary: de.size,
        targetVocabulary: en.size,
        decoder,
        hiddenSize,
        embeddingDim: hiddenSize,
        dropout: 0.4,
      },
      train: trainPairs,
      validation: validationPairs,
      batchSize,
      lr,
      epochs,
      seed: 1,
      onEvaluation: (event) => {
        least = Math.min(least, event.metrics?.perplexity ?? Infinity);
      },
    });
    total += seconds;
    perplexity.push(least);
    if (decoder !== 'additive') continue;
    const predicted = await translateAll(model, validationPairs.sources, search);
    score = bleu(
      predicted.map(([best]) => en.tokens(best.ids).join(' ')),
      validation.references,
      { lowercase: true },
    );
  }
  const [plain, context, attention] = perplexity;
  const inTime = total <= minutes * 60;
  const results: BarResult[] = [
    {
      bar: `Multi30k de → en: ${bars[0]}`,
      settings,
      measured: `${perplexity.map((p) => p.toFixed(2)).join(' > ')}, ${(total / 60).toFixed(1)} min for all three`,
      required: `in this order, ≤ ${minutes} min`,
      met: plain > context && context > attention && inTime,
      seconds: total,
    },
    {
      bar: `Multi30k de → en: ${bars[1]}`,
      settings: `${settings}; length penalty ${search.lengthPenalty}; ${score?.signature}`,
      measured: score?.score.toFixed(2) ?? 'nothing',
      required: '≥ 20',
      met: (score?.score ?? 0) >= 20 && inTime,
      seconds: 0,
    },
  ];
  return results;
};
