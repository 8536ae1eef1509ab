// Captions of image files, with their attention maps.

import { OptionError } from 'unrolled';
import { type ImageContract, imageToText } from 'unrolled/pipelines';
import { checkDrawing } from '../pages/drawing.ts';
import { decodingOf } from '../images/contract.ts';
import { decodeImage, fileBytes, linesOf, readWholeText } from '../readers/index.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { CaptionConfig } from './config.ts';
import { type CaptionedFile, draw, wordsOf } from './draw.ts';

export async function* predictCaption(
  saved: SavedRun<CaptionConfig>,
  { file, beams, draw: drawing }: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(imageToText);
  const settings = decodingOf(contractOf(saved.path, pipeline.input.image));
  if (drawing !== null) checkDrawing(drawing);
  const files = file === null ? inputs : linesOf(readWholeText(file)).filter((line) => line !== '');
  if (files.length === 0)
    throw new OptionError('predict', 'images', 'name one image or more, or --file with a list of them');
  const drawn: CaptionedFile[] = [];
  for (const name of files) {
    const image = await decodeImage(await fileBytes(name), name, settings); // as for training
    const [caption] = await pipeline.caption(image, { beams });
    if (drawing !== null) drawn.push({ name, caption, image });
    const { text, logProbability, attention } = caption;
    const attended = attention
      ? {
          words: wordsOf(caption),
          attention: attention.map((row) => Array.from(row, (v) => Number(v.toPrecision(4)))),
        }
      : {};
    yield {
      result: { image: name, caption: text, logProbability: Number(logProbability.toPrecision(6)), ...attended },
      lines: () => [files.length === 1 ? text : `${name}\t${text}`],
    };
  }
  if (drawing === null) return;
  for (const path of await draw(drawing, drawn, 'Captions of these images')) warn(`drawn: ${path}`);
}

/** Throws an OptionError for a model that reads features of another network. */
function contractOf(path: string, image: ImageContract | null): ImageContract {
  if (image) return image;
  throw new OptionError(
    'predict',
    path,
    'learned from features of another network and reads no images; measure it with eval',
  );
}
