// The frame of every page that is written: one file that needs no other and no network, light and dark, and narrow enough for a telephone. What
// stands in it is the caller's, with its own style.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { escapeXml } from 'unrolled/analysis';
import { spoken } from '../language/index.ts';
import { writeFile } from '../write-file.ts';

export interface HtmlPage {
  /** In the window's title, as text. */
  readonly title: string;
  /** Default: the language at hand. */
  readonly lang?: 'en' | 'ko';
  readonly style: string;
  /** HTML: texts in it were escaped. */
  readonly body: string;
}

/** Korean lines break between words, and a label of two syllables not at all. */
const koreanStyle = '\nbody { word-break: keep-all } label { white-space: nowrap }\n';

export function htmlPage({ title, lang = spoken(), style, body }: HtmlPage): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="unrolled">
<link rel="icon" href="data:,">
<title>${escapeXml(title)}</title>
<style>${style}${lang === 'ko' ? koreanStyle : ''}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Writes a page, folders included, and returns its path. */
export function writePage(path: string, html: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFile(path, html);
  return path;
}
