// Captions at the end of training: as lines, and as a page with their attention maps.

import type { RawImage } from 'unrolled/data';
import type { Caption } from 'unrolled/pipelines';
import { captionPage } from '../pages/caption-page.ts';
import { writePage } from '../pages/page.ts';
import type { Screen, Shown } from '../runs/shown.ts';
import { truncate } from '../terminal/index.ts';
import { figureOf } from './draw.ts';
import { t } from '../language/index.ts';

export interface Captioned {
  readonly name: string;
  readonly caption: Caption;
  /** Null where there are features and no pixels. */
  image(): Promise<RawImage | null>;
  readonly references: readonly string[];
}

export interface CaptionShowcase {
  /** Whether they are of the validation part; else of the training part. */
  readonly validation: boolean;
  readonly captions: readonly Captioned[];
  /** The page that was written; null without pixels. */
  readonly page: string | null;
}

export function showcaseOf({ validation, captions, page }: CaptionShowcase): Shown {
  const data = {
    validation,
    captions: captions.map(({ name, caption, references }) => ({ name, caption: caption.text, references })),
    page,
  };
  return {
    data,
    lines: (screen) => [
      validation ? t('captions of images of the validation part:') : t('captions of images of the training part:'),
      '',
      ...captions.map((one) => lineOf(one, screen)),
      ...(page ? ['', t`with their attention maps: ${page}`] : []),
    ],
  };
}

function lineOf({ name, caption: { text }, references }: Captioned, { width, style }: Screen): string {
  const right = references.includes(text);
  const most = Math.max(30, width - 4);
  const target = right ? '' : `\n  ${style.dim(truncate(`${name}: ${references[0]}`, most))}`;
  return `${right ? style.green('✓') : ' '} ${truncate(text, most)}${target}`;
}

/** Writes the page and returns its path; null where there are no pixels to show. */
export async function writeCaptions(
  path: string,
  title: string,
  captions: readonly Captioned[],
): Promise<string | null> {
  const figures = [];
  for (const { name, caption, image: imageOf, references } of captions) {
    const image = await imageOf();
    if (!image) return null;
    figures.push(figureOf({ name, caption, image, references }));
  }
  const about = t(
    'Each image as it is, and once for every word: the brighter, the more the word attends to it. ✓ is a reference word for word.',
  );
  return writePage(path, captionPage(title, figures, about));
}
