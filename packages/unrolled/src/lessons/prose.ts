// Sentences hold formulas as one writes them in plain text, `c_{t−1}`, `w^50`, and commands between backticks.

import { escapeXml } from '../analysis/svg.ts';
import { requireKinds } from '../checks.ts';

/** Letters of formulas: a Korean particle behind an index is none of it. */
const script = /([_^])(?:\{([^}]+)\}|([A-Za-z0-9α-ω]+))/g;

/** A stretch of a sentence, and what it is set as. */
export interface ProsePart {
  readonly kind: 'text' | 'code' | 'sub' | 'sup';
  readonly text: string;
}

/** No line ends between the two parts of a derivative. */
const joiner = '\u2060';

/** A sentence in parts: subscripts, superscripts, code, and the text between them. */
export function proseParts(text: string): ProsePart[] {
  requireKinds('proseParts', { text }, { text: 'text' });
  return text.split('`').flatMap((between, k): ProsePart[] => {
    if (k % 2 === 1) return [{ kind: 'code', text: between }];
    const piece = between.replaceAll('/∂', `/${joiner}∂`);
    const parts: ProsePart[] = [];
    let at = 0;
    for (const { 0: whole, 1: sign, 2: group, 3: word, index } of piece.matchAll(script)) {
      parts.push(
        { kind: 'text', text: piece.slice(at, index) },
        { kind: sign === '_' ? 'sub' : 'sup', text: group ?? word },
      );
      at = index + whole.length;
    }
    return [...parts, { kind: 'text', text: piece.slice(at) }].filter((part) => part.text !== '') as ProsePart[];
  });
}

/** For a page: subscripts, superscripts and code as elements. */
export function proseHtml(text: string): string {
  return proseParts(text)
    .map(({ kind, text: part }) => (kind === 'text' ? escapeXml(part) : `<${kind}>${escapeXml(part)}</${kind}>`))
    .join('');
}

/** For a terminal: braces become parentheses, backticks go. */
export function proseText(text: string): string {
  requireKinds('proseText', { text }, { text: 'text' });
  return text.replaceAll(/([_^])\{([^}]+)\}/g, '$1($2)').replaceAll('`', '');
}

/** The texts of an SVG, with their subscripts and superscripts. */
export function svgWithScripts(svg: string): string {
  return svg.replaceAll(/(<text[^>]*>)([^<]*[_^][^<]*)(<\/text>)/g, (_, open: string, text: string, close: string) => {
    const shifted = text.replaceAll(script, (_whole, sign: string, group?: string, word?: string) => {
      const dy = sign === '_' ? 3 : -4;
      return `<tspan dy="${dy}" font-size="75%">${group ?? word}</tspan><tspan dy="${-dy}">\u200b</tspan>`;
    });
    return open + shifted + close;
  });
}
