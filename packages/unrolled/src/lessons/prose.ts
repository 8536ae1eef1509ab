// Sentences hold formulas as one writes them in plain text, `c_{t−1}`, `w^50`, and commands between backticks.

import { escapeXml } from '../analysis/svg.ts';
import { requireKinds } from '../checks.ts';

const script = /([_^])(?:\{([^}]+)\}|([\p{L}\p{N}]+))/gu;

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
