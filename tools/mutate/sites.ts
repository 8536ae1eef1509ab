// Where a source file can be changed by one small mistake, such as people make: a comparison turned round, a boundary off by one, a guard that
// is missing, a field that is not restored. Works on lines, with texts and comments masked, so that only code is changed.

export type MutantKind = 'flip' | 'boundary' | 'guard' | 'restore';

export interface Site {
  /** Path from the root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: MutantKind;
  /** The line as it is, and as the mutant has it. */
  readonly before: string;
  readonly after: string;
}

/** What is looked for in a line's code, and what stands there in a mutant. */
const replacements: readonly (readonly [kind: MutantKind, pattern: RegExp, instead: (match: string) => string])[] = [
  ['flip', / === /g, () => ' !== '],
  ['flip', / !== /g, () => ' === '],
  ['flip', / && /g, () => ' || '],
  ['flip', / \|\| /g, () => ' && '],
  ['flip', /\bMath\.max\(/g, () => 'Math.min('],
  ['flip', /\bMath\.min\(/g, () => 'Math.max('],
  ['flip', / \+ (?=[a-z(])/g, () => ' - '],
  ['flip', / - (?=[a-z(])/g, () => ' + '],
  ['flip', / \* (?=[a-z(])/g, () => ' / '],
  ['flip', /(?<=[=(:?] ?)\btrue\b/g, () => 'false'],
  ['flip', /(?<=[=(:?] ?)\bfalse\b/g, () => 'true'],
  ['boundary', / < /g, () => ' <= '],
  ['boundary', / <= /g, () => ' < '],
  ['boundary', / > /g, () => ' >= '],
  ['boundary', / >= /g, () => ' > '],
  ['boundary', / [+-] 1\b(?![.\d])/g, () => ''],
];

const guard = /^(\s*(?:\} else )?if )\((.+)\)(?: \{| (throw|return|continue|break)\b.*)?$/;
const leaves = /^\s*(throw|return|continue|break)\b/;
const restoring =
  /^\s*(?:static |async |export function |override )*#?(?:restore|load\w*|resume|fromJSON|setRandomState|rewind|reset)\(.*\{$/;

/** Every mutant of a file, in order. */
export function sitesOf(file: string, text: string): Site[] {
  const lines = text.split('\n');
  const masked = mask(text).split('\n');
  const sites: Site[] = [];
  let indentOfRestoring: number | null = null;
  for (const [n, code] of masked.entries()) {
    const before = lines[n];
    const add = (kind: MutantKind, after: string) => sites.push({ file, line: n + 1, kind, before, after });
    if (/^\s*(import|export \*|export \{|export type|export interface|type |interface |readonly |\/\/)/.test(code))
      continue;
    const indent = code.search(/\S/);
    if (restoring.test(code)) indentOfRestoring = indent;
    else if (indentOfRestoring !== null && code.trim() === '}' && indent === indentOfRestoring)
      indentOfRestoring = null;
    if (
      indentOfRestoring !== null &&
      /^\s*(this\.#?[\w.]+(\[\w+\])? = |this\.#?[\w.]+\(|\w+\.(set|load\w*|restore)\().*;$/.test(code)
    )
      add('restore', '');
    const condition = guard.exec(code);
    if (condition && (condition[3] || leaves.test(masked[n + 1] ?? ''))) {
      const from = condition[1].length + 1;
      const to = from + condition[2].length;
      if (balanced(code.slice(from, to)))
        add('guard', `${before.slice(0, from)}false && (${before.slice(from, to)})${before.slice(to)}`);
    }
    for (const [kind, pattern, instead] of replacements) {
      for (const match of code.matchAll(pattern)) {
        add(kind, before.slice(0, match.index) + instead(match[0]) + before.slice(match.index + match[0].length));
      }
    }
  }
  return sites;
}

function balanced(text: string): boolean {
  let open = 0;
  for (const c of text) {
    if (c === '(') open++;
    else if (c === ')' && --open < 0) return false;
  }
  return open === 0;
}

/** The text with comments, and what stands in quotes, replaced by as many dots. */
function mask(text: string): string {
  const hidden =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=(?:[(,=:?&|!>]|\breturn) ?)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
  return text.replace(hidden, (match) => match.replace(/[^\n]/g, '.'));
}
