// The English sentences that a command prints, read from the sources: what t and english mark, the texts of the option tables, and the parts of errors.
// Whatever else looks like prose is returned too, so that a sentence that nobody marked is noticed.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `marked`: by t or english. `help`: in an option table. `error`: an argument of an error. `other`: looks like a sentence, and is none of these. */
export type Place = 'marked' | 'help' | 'error' | 'other';

export interface Sentence {
  readonly file: string;
  /** With its values numbered: `step {0} of {1}`. */
  readonly key: string;
  readonly place: Place;
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Properties of the tables: texts for people. */
const help = new Set(['help', 'summary', 'group', 'description', 'about', 'published']);
/** Properties that hold names, commands and the like. */
const names = new Set(['examples', 'choices', 'also', 'placeholder', 'needs', 'short']);

/** All sentences of the TypeScript files of a folder, tests apart. */
export function sentencesIn(folder: string): Sentence[] {
  const at = join(root, folder);
  return readdirSync(at, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !/\.(test|d|test-d)\.ts$|^language\//.test(name))
    .sort()
    .flatMap((name) => sentencesOf(readFileSync(join(at, name), 'utf8'), `${folder}/${name}`));
}

/** All sentences of a source text. */
export function sentencesOf(source: string, file: string): Sentence[] {
  const found: Sentence[] = [];
  const take = (key: string, place: Place) => {
    if (place === 'marked' || isProse(key) || (place === 'help' && /^[A-Z][a-z]/.test(key)))
      found.push({ file, key, place });
  };

  const visit = (node: unknown, place: Place): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, place);
    if (!isNode(node)) return;
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return;
      case 'Property':
        return property(node, place);
      case 'TaggedTemplateExpression':
        if (nameOf(node.tag) === 't') {
          const { quasis, expressions } = node.quasi as unknown as Template;
          take(keyOf(quasis), 'marked');
          return visit(expressions, 'other');
        }
        return;
      case 'CallExpression':
      case 'NewExpression':
        return call(node, place);
      case 'ConditionalExpression':
        visit(node.test, 'other');
        visit(node.consequent, place);
        return visit(node.alternate, place);
      case 'BinaryExpression':
        if (/[=!]==|<|>/.test(String(node.operator))) return;
        break;
      case 'TemplateLiteral': {
        const { quasis, expressions } = node as unknown as Template;
        for (const key of keysOf(quasis, expressions)) take(key, place);
        return visit(expressions, place);
      }
      case 'Literal':
        if (typeof node.value === 'string') take(node.value, place);
        return;
      default:
        if (/^TS(Type|Literal|Interface|Union|Template|Tuple)/.test(node.type)) return;
    }
    for (const child of Object.values(node)) if (typeof child === 'object') visit(child, place);
  };

  const property = (node: Node, place: Place): void => {
    const key = nameOf(node.key);
    if (names.has(key)) return;
    if (isNode(node.key) && node.key.type === 'Literal') take(key, place);
    if (key === 'args') {
      for (const pair of list((node.value as Node).elements)) visit(list((pair as Node).elements)[1], 'help');
      return;
    }
    // A group of options has a heading, and an option may be called group.
    if (
      key === 'group' &&
      isNode(node.value) &&
      node.value.type === 'Literal' &&
      !/^[A-Z]/.test(String(node.value.value))
    )
      return;
    visit(node.value, help.has(key) ? 'help' : place);
  };

  const call = (node: Node, place: Place): void => {
    const callee = nameOf(node.callee);
    const given = list(node.arguments);
    if (callee === 't' || callee === 'english') {
      for (const key of texts(given[0])) take(key, 'marked');
      if (isNode(given[0]) && given[0].type === 'TemplateLiteral') visit(given[0].expressions, 'other');
      return;
    }
    const isError = node.type === 'NewExpression' ? /Error$|^RefusedFile$/.test(callee) : callee === 'super';
    visit(node.callee, place);
    visit(given, isError ? 'error' : place);
  };

  visit(parseAst(source, { lang: 'ts' }).body, 'other');
  return found;
}

interface Template {
  readonly quasis: readonly { readonly value: { readonly cooked: string } }[];
  readonly expressions: readonly Node[];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const nameOf = (node: unknown): string => {
  if (!isNode(node)) return '';
  if (node.type === 'Super') return 'super';
  if (node.type === 'MemberExpression') return nameOf(node.property);
  const { name, value } = node;
  return typeof name === 'string' ? name : typeof value === 'string' ? value : '';
};

const keyOf = (quasis: Template['quasis']) =>
  quasis.map(({ value }, i) => (i === 0 ? '' : `{${i - 1}}`) + value.cooked).join('');

/** The text of a literal, of a template, or of both sides of a condition. */
function texts(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (node.type === 'Literal') return typeof node.value === 'string' && node.value !== '' ? [node.value] : [];
  if (node.type === 'ConditionalExpression') return [...texts(node.consequent), ...texts(node.alternate)];
  if (node.type === 'TemplateLiteral') {
    const { quasis, expressions } = node as unknown as Template;
    return keysOf(quasis, expressions);
  }
  return [];
}

/** A template whose values are conditions of texts is several sentences. */
function keysOf(quasis: Template['quasis'], expressions: readonly Node[]): string[] {
  const choices = expressions.map((e) => (e.type === 'ConditionalExpression' ? plainChoices(e) : null));
  let made: { text: string; holes: number }[] = [{ text: quasis[0].value.cooked, holes: 0 }];
  choices.forEach((options, i) => {
    const after = quasis[i + 1].value.cooked;
    made = made.flatMap(({ text, holes }) =>
      options === null
        ? [{ text: `${text}{${holes}}${after}`, holes: holes + 1 }]
        : options.map((option) => ({ text: text + option + after, holes })),
    );
  });
  return made.map(({ text }) => text);
}

/** The two texts of a condition, where both are literals. */
function plainChoices(node: Node): string[] | null {
  const sides = [node.consequent, node.alternate].map((side) =>
    isNode(side) && side.type === 'Literal' && typeof side.value === 'string' ? side.value : null,
  );
  return sides.every((side) => side !== null) ? (sides as string[]) : null;
}

/** Two words or more, or a word with punctuation; and neither markup nor a command. */
function isProse(text: string): boolean {
  const plain = text.replace(/\{\d+\}/g, '').trim();
  return /\p{L}{2}/u.test(plain) && /\s/.test(text.trim()) && !/^[\s<]*</.test(text);
}

/** What looks like prose and is none: commands and their subjects, SQL, names of formats, styles and scripts of pages. */
const noProse: readonly RegExp[] = [
  /^\s*(\{0\} )?--[a-z]/,
  /^(?:npx |unrolled )?(?:train|eval|predict|forecast|sample|translate|ask|demo|export|import|serve|inspect) (?:--|\{0\}|memory|(?:classify|tag) on |[a-z]+$)/,
  /\b(?:SELECT|SET|TRUNCATE|TEMP TABLE|TRY_CAST|DESCRIBE|WHERE|VARCHAR|LIKE|COMPARE_IN|BOOLEAN)\b|^t\{0\} |^\{0\} AS |^row_number/,
  /^(?:\+ - \*|abs ceil|lower upper|contains starts_with|regexp_matches|year month day|to_years)/,
  /^unrolled (?:run|index|checkpoint|sweep|sweep results)$|^-[hv], --|^help \[command\]$|^date time$/,
  /^\s*:root|^(?:\{0\})?\npre \{|^\s*body \{|^\nfor \(const|^\n?Examples:/,
  /^\{0\} → <strong>/,
];

/** Folders of the library whose errors a command may print: of data, files, models and training. */
const reached = ['data', 'io', 'models', 'pipelines', 'train', 'inference', 'world', 'decode'];
/**
 * Folders whose errors stay English: tensor, backend, graph, nn, optim, metrics and analysis check what a program passes to them, shapes and kinds of
 * arguments. What a person types is checked before. browser and inline are for pages, lessons has its own catalogue.
 */
export const english = [
  'tensor',
  'backend',
  'graph',
  'nn',
  'optim',
  'metrics',
  'analysis',
  'browser',
  'inline',
  'lessons',
  'layers',
];
/** Files in which every text is part of a message. */
const messages = ['errors.ts', 'checks.ts', 'shown.ts', 'abort.ts'];

/** Sentences of the library that a command prints. */
export function sentencesOfLibrary(): Sentence[] {
  const all = sentencesIn('packages/unrolled/src');
  const under = ({ file }: Sentence) => file.slice('packages/unrolled/src/'.length);
  return all.filter((sentence) => {
    const name = under(sentence);
    if (messages.includes(name)) return true;
    return reached.includes(name.split('/')[0]) && sentence.place !== 'other';
  });
}

/** Words alone that are printed as t(word): units of what is counted, sections, and what a row is. */
export const wordsAlone = [
  'character',
  'characters',
  'token',
  'frame',
  'frames',
  'clip',
  'chars',
  'examples',
  'words',
  'row',
  'image',
  'caption',
  'sequence',
  'sources',
  'targets',
].concat(['cells', 'gates', 'memory', 'spectrum', 'truncation', 'clipping', 'indentation']);

/** The keys that the catalogue has: marked sentences, help, and what an error's message may be made of. */
export function keysOfCommand(sentences: readonly Sentence[]): Set<string> {
  const keys = sentences.filter(
    ({ key, place }) => place === 'marked' || place === 'help' || !noProse.some((rule) => rule.test(key)),
  );
  return new Set([...keys.map(({ key }) => key), ...wordsAlone]);
}
