// How good a saved captioner is, by every measure that captions have.

import { evaluateCaptioner } from 'unrolled';
import { type CaptionScores, captionScores } from 'unrolled/metrics';
import { imageToText } from 'unrolled/pipelines';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, stderr, table } from '../terminal/index.ts';
import { ownPart } from '../examples/parts.ts';
import { encodeCaptions, type OtherPart, readCaptioned, readOther } from './data.ts';
import type { CaptionConfig } from './config.ts';
import { t } from '../language/index.ts';

export async function evaluateCaption(saved: SavedRun<CaptionConfig>, values: EvaluateValues): Promise<Report> {
  const { config } = saved;
  const { model, tokenizer, caption, input } = await saved.open(imageToText);
  const { beams } = values;
  const { part, source, folder, warnings } = await partToMeasure(config.data, values);

  const images = part.seen(null, input.image?.range);
  const captions = encodeCaptions(part, tokenizer, config.training.maxLength);
  const { loss, metrics } = await evaluateCaptioner(model, { images, captions });
  const predicted = await caption(images, { beams });
  const scores = captionScores(
    predicted.map(({ text }) => text),
    part.texts.map((some) => some.map((text) => tokenizer.normalize(text))),
  );
  const result = {
    run: saved.path,
    step: saved.step,
    source,
    /** Where the images of the file are; null for a run's own, and for features. */
    folder,
    features: values.features,
    images: part.names.length,
    captions: captions.flat().length,
    beams,
    loss,
    perplexity: metrics.perplexity,
    ...scores,
  };
  return { result, warnings, lines: () => linesOf(result) };
}

type CaptionResult = CaptionScores & {
  readonly source: string;
  readonly folder: string | null;
  readonly features: string | null;
  readonly images: number;
  readonly captions: number;
  readonly beams: number;
  readonly loss: number;
  readonly perplexity: number;
};

function linesOf(r: CaptionResult): string[] {
  const rows = Object.entries({
    'BLEU-1': r.bleu1,
    'BLEU-2': r.bleu2,
    'BLEU-3': r.bleu3,
    'BLEU-4': r.bleu4,
    'ROUGE-L': r.rougeL,
    'CIDEr-D': r.cider,
    'METEOR (exact)': r.meteorExact,
    'word for word': r.exact,
    'nats per word': r.loss,
    perplexity: r.perplexity,
  }).map(([name, value]) => [t(name), value.toFixed(3)]);
  const search = r.beams === 1 ? t('greedily') : t`${r.beams} beams`;
  return [
    t`${grouped(r.images)} images with ${grouped(r.captions)} captions of ${t(r.source)}, ${search}`,
    ...(r.folder === null ? [] : [t`images read from ${r.folder}`]),
    ...(r.features === null || r.folder !== null ? [] : [t`features read from ${r.features}`]),
    '',
    ...table(rows),
  ];
}

async function partToMeasure(
  data: CaptionConfig['data'],
  values: EvaluateValues,
): Promise<OtherPart & { readonly source: string }> {
  const { read } = data;
  const { file } = values;
  const say = (text: string) => void stderr.write(`${t(text)}\n`);
  if (file !== null) return { ...(await readOther(file, read, values, say)), source: file };
  const own = await readCaptioned(read, say);
  const from = ownPart({ ...own, count: own.validation.names.length }, data);
  return { part: own.validation, warnings: [], folder: null, source: from };
}
