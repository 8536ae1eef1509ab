// Sentences hold formulas as one writes them in plain text, `c_{t−1}`, `w^50`, and commands between backticks.

import { escapeXml } from '../analysis/svg.ts';
import { requireKinds } from '../checks.ts';

/** Letters of formulas: a Korean particle behind an index is none of it. */
const script = /([_^])(?:\{([^}]+)\}|([A-Za-z0-9α-ω]+))/g;

/** For a page: subscripts, superscripts and code as elements. */
export function proseHtml(text: string): string {
  return text
    .split('`')
    .map((part, k) =>
      k % 2 === 1
        ? `<code>${escapeXml(part)}</code>`
        : escapeXml(part).replaceAll(script, (_, sign: string, group?: string, word?: string) => {
            const tag = sign === '_' ? 'sub' : 'sup';
            return `<${tag}>${group ?? word}</${tag}>`;
          }),
    )
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
