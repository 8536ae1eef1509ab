// Every text is in a catalogue, in both languages: no component has one of its own, and both languages say all of it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' });

/** Attributes that people read or hear. */
const read = new Set([
  'aria-label',
  'aria-valuetext',
  'aria-description',
  'alt',
  'title',
  'placeholder',
  'label',
  'say',
]);
const isText = (value: unknown) => typeof value === 'string' && /\p{L}{2}/u.test(value);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Texts in a component: between tags, and in attributes that are read. */
function textsIn(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const one of node) textsIn(one, found);
  else if (typeof node === 'object' && node !== null) {
    const { type, value, name, expression } = node as Node;
    if (type === 'JSXText' && isText(value)) found.push(String(value).trim());
    if (type === 'JSXExpressionContainer') found.push(...literals(expression));
    if (type === 'JSXAttribute') {
      if (read.has(String((name as Node).name))) found.push(...literals(value));
      else if ((value as Node | null)?.type !== 'JSXExpressionContainer') return found;
      return textsIn(insideOf(value), found);
    }
    for (const child of Object.values(node)) textsIn(child, found);
  }
  return found;
}

const insideOf = (value: unknown) => {
  const { type, expression } = Object(value) as Node;
  return type === 'JSXExpressionContainer' && !/Literal/.test((expression as Node).type) ? [expression] : [];
};

/** Texts that an expression may be, as it stands. */
function literals(node: unknown): string[] {
  const { type, value, quasis, consequent, alternate, left, right, expression } = Object(node) as Node;
  switch (type) {
    case 'Literal':
      return isText(value) ? [String(value)] : [];
    case 'TemplateLiteral':
      return (quasis as { value: { raw: string } }[]).map(({ value }) => value.raw).filter(isText);
    case 'ConditionalExpression':
      return [...literals(consequent), ...literals(alternate)];
    case 'LogicalExpression':
      return [...literals(left), ...literals(right)];
    case 'JSXExpressionContainer':
      return literals(expression);
    default:
      return [];
  }
}

const parse = (code: string) => parseAst(code, { lang: 'tsx' });

test('no component has a text of its own', () => {
  const components = files.filter((file) => file.endsWith('.tsx'));
  expect(components.length).toBeGreaterThan(10);
  for (const file of components)
    expect([file, textsIn(parse(readFileSync(join(source, file), 'utf8')))]).toEqual([file, []]);
});

test('the search finds texts where there are any', () => {
  const code = `const C = () => <p class="big" aria-label="Loud">Hello {ok ? 'yes' : no} <b title={\`step \${n}\`}>{w.x}</b></p>;`;
  expect(textsIn(parse(code)).sort()).toEqual(['Hello', 'Loud', 'step ', 'yes']);
});

test('Korean has the words of the Korean pages', () => {
  const instead = { 낱말: '단어', 그림: '이미지', 수열: '시퀀스' };
  const found = files
    .filter((file) => file.endsWith('words.ts') || file === 'words/common.ts')
    .flatMap((file) =>
      Object.entries(instead)
        .filter(([word]) => readFileSync(join(source, file), 'utf8').includes(word))
        .map(([word, better]) => `${file}: ${word}, write ${better}`),
    );
  expect(found).toEqual([]);
});

test('both languages have every text, and Korean has none that is left in English', async () => {
  const catalogues = files.filter((file) => /words\.ts$|words\/common\.ts$/.test(file));
  expect(catalogues.length).toBeGreaterThan(1);
  for (const file of catalogues) {
    const code = readFileSync(join(source, file), 'utf8');
    const korean = code.slice(code.indexOf('\n  ko: {'));
    const left = Array.from(korean.matchAll(/: (?:\([^)]*\) => )?'([^']*)'/g), ([, text]) => text).filter(
      (text) =>
        isText(text) && !/\p{Script=Hangul}/u.test(text) && !/^(unrolled|View in English|Truncated BPTT)/.test(text),
    );
    expect([file, left]).toEqual([file, []]);
  }
});
