// Attention maps of questions: what a model of form map attends to in an image once each word was read.

import { OptionError } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { QuestionAttention, VisualQuestionAnsweringPipeline } from 'unrolled/pipelines';
import type { CaptionFigure } from '../pages/caption-page.ts';
import { checkDrawing, writeDrawings } from '../pages/drawing.ts';
import type { Answered } from './answers.ts';
import { t } from '../language/index.ts';

/** Throws an OptionError for a file that is no drawing, and for a model of another form. */
export function checkMaps(file: string, { model }: VisualQuestionAnsweringPipeline): void {
  checkDrawing(file);
  const { form } = model.config;
  if (form !== 'map')
    throw new OptionError(
      'predict',
      'draw',
      `a model of form map has an attention map for each word; this run is of form ${form}`,
    );
}

/** Draws the maps of answered questions, each with its image, and returns the files. */
export async function drawMaps(
  file: string,
  pipeline: VisualQuestionAnsweringPipeline,
  answered: readonly Answered[],
  images: readonly RawImage[],
): Promise<string[]> {
  const maps: QuestionAttention[] = [];
  for (const [n, { question }] of answered.entries()) maps.push(await pipeline.attention(images[n], question));
  const order = pipeline.model.config.reading === 'backward' ? t('The question is read from its last word. ') : '';
  const about = t`${order}Each image as it is, and once for every word: bright is what the model attends to once that word was read.`;
  const figures = answered.map(({ image: name, question, answer }, n): CaptionFigure => {
    return { name, caption: `${question}  ${answer}`, drawing: { image: images[n], ...maps[n] } };
  });
  return writeDrawings(file, { title: t('Questions, word by word'), about }, figures);
}
