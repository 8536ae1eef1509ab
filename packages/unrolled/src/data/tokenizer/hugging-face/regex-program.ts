// The patterns of a tokenizer.json are Oniguruma's. Here they are parsed and compiled (see regex.ts). Supported are characters, classes, groups,
// alternatives, greedy and lazy quantifiers, line anchors, word boundaries, and lookaround of one character, which is
// what the tokenizers in use have. The rest (possessive quantifiers, backreferences, nested classes) is refused.

import { CharacterSet } from './character-set.ts';
import type { Instruction } from './regex.ts';

const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** Escapes with the same meaning in both. */
const same = 'nrtfv0';

/** Limits: instructions of a program, and counted repetitions. */
const longest = 1024;
const deepest = 32;

type Node =
  | { readonly is: 'set'; readonly source: string }
  | { readonly is: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly is: 'repeat'; readonly node: Node; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly is: 'look'; readonly source: string; readonly ahead: boolean; readonly negated: boolean }
  | { readonly is: 'line'; readonly end: boolean }
  | { readonly is: 'group'; readonly node: Node }
  | { readonly is: 'border'; readonly negated: boolean };

/** Compiles a pattern; with `group` its matches note where the first group is. Throws a SyntaxError for what is not supported. */
export function programOf(pattern: string, group = false): Instruction[] {
  return assemble(new Reader(pattern, group).read());
}

class Reader {
  readonly #text: readonly string[];
  #at = 0;
  /** Whether the next group is the first, and noted. */
  #first: boolean;
  /** Whether groups may have names, as in JavaScript. */
  readonly #names: boolean;

  constructor(pattern: string, group: boolean) {
    this.#text = Array.from(pattern);
    this.#first = group;
    this.#names = group;
  }

  read(): Node {
    const node = this.#choice(false, 0);
    if (this.#at < this.#text.length) throw new SyntaxError('a ) without its (');
    return node;
  }

  #choice(fold: boolean, depth: number): Node {
    if (depth > deepest) throw new SyntaxError('groups within groups, too deep');
    const nodes = [this.#sequence(fold, depth)];
    while (this.#take('|')) nodes.push(this.#sequence(fold, depth));
    return nodes.length === 1 ? nodes[0] : { is: 'choice', nodes };
  }

  #sequence(fold: boolean, depth: number): Node {
    const nodes: Node[] = [];
    for (let c = this.#text[this.#at]; c !== undefined && c !== '|' && c !== ')'; c = this.#text[this.#at])
      nodes.push(this.#repeated(this.#atom(fold, depth)));
    return nodes.length === 1 ? nodes[0] : { is: 'sequence', nodes };
  }

  #repeated(node: Node): Node {
    let [min, max] = [1, 1];
    let counted = false;
    if (this.#take('*')) [min, max] = [0, Infinity];
    else if (this.#take('+')) [min, max] = [1, Infinity];
    else if (this.#take('?')) [min, max] = [0, 1];
    else if (this.#text[this.#at] === '{') {
      const [whole, least, comma, most] = /^\{(\d{1,4})(,?)(\d{0,4})\}/.exec(this.#rest(12)) ?? [];
      if (whole === undefined) throw new SyntaxError('a { that begins no number of times');
      this.#at += whole.length;
      counted = comma === '';
      min = Number(least);
      max = counted ? min : most === '' ? Infinity : Number(most);
      if (max < min) throw new SyntaxError('numbers out of order');
    } else return node;
    if (node.is === 'look' || node.is === 'line' || node.is === 'border') throw new SyntaxError('nothing to repeat');
    const greedy = !this.#take('?');
    if (counted && !greedy) throw new SyntaxError('{n}? is not known');
    if ('*+?{'.includes(this.#text[this.#at] ?? ' ')) throw new SyntaxError('a quantifier of a quantifier');
    return { is: 'repeat', node, min, max, greedy };
  }

  #atom(fold: boolean, depth: number): Node {
    const c = this.#text[this.#at++];
    switch (c) {
      case '(':
        return this.#group(fold, depth);
      case '[':
        if (fold) throw new SyntaxError('a class within (?i:…)');
        return { is: 'set', source: this.#class() };
      case '\\':
        return this.#escape(fold);
      case '.':
        return { is: 'set', source: '[^\\n]' };
      case '^':
      case '$':
        return { is: 'line', end: c === '$' };
      case '*':
      case '+':
      case '?':
        throw new SyntaxError('nothing to repeat');
      case '{':
      case '}':
      case ']':
        throw new SyntaxError(`a ${c} alone`);
      default:
        return { is: 'set', source: literal(c, fold) };
    }
  }

  #group(fold: boolean, depth: number): Node {
    const [name] = (this.#names && /^\?<[A-Za-z_]\w*>/.exec(this.#rest(80))) || [];
    if (name !== undefined) this.#at += name.length;
    else if (this.#take('?')) {
      const [opening] = /^(?:i?:|<?[=!])/.exec(this.#rest(2)) ?? [];
      if (opening === undefined) throw new SyntaxError('a group of an unknown kind');
      this.#at += opening.length;
      const node = this.#choice(fold || opening === 'i:', depth + 1);
      this.#close();
      if (opening.endsWith(':')) return { is: 'sequence', nodes: [node] };
      const sets = node.is === 'choice' ? node.nodes : [node];
      const sources = sets.map((one) => {
        if (one.is !== 'set') throw new SyntaxError('a look at more than one character');
        return one.source;
      });
      return {
        is: 'look',
        source: sources.join('|'),
        ahead: !opening.startsWith('<'),
        negated: opening.endsWith('!'),
      };
    }
    const noted = this.#first;
    this.#first = false;
    const node = this.#choice(fold, depth + 1);
    this.#close();
    return noted ? { is: 'group', node } : { is: 'sequence', nodes: [node] };
  }

  #close(): void {
    if (!this.#take(')')) throw new SyntaxError('a ( without its )');
  }

  #escape(fold: boolean): Node {
    const next = this.#text[this.#at++];
    if (next === undefined) throw new SyntaxError('a backslash at the end');
    if (next === 'b' || next === 'B') return { is: 'border', negated: next === 'B' };
    if (next === 'w' || next === 'W') return { is: 'set', source: `[${next === 'W' ? '^' : ''}${word}]` };
    if (next === '0' && /\d/.test(this.#text[this.#at] ?? '')) throw new SyntaxError('an octal number');
    return { is: 'set', source: this.#named(next) ?? literal(next, fold) };
  }

  /** What a backslash and `next` stand for, in a class and outside; null for a sign that stands for itself. */
  #named(next: string): string | null {
    if (next === 's' || next === 'S') return next === 's' ? '\\p{White_Space}' : '\\P{White_Space}';
    if (next === 'd' || next === 'D') return next === 'd' ? '\\p{Nd}' : '\\P{Nd}';
    if (next === 'p' || next === 'P') {
      const [whole, not, name] = /^\{(\^?)([\w=]+)\}/.exec(this.#rest(80)) ?? [];
      if (whole === undefined) throw new SyntaxError('a property without a name');
      this.#at += whole.length;
      const negated = (next === 'P') !== (not === '^');
      const isScript = name.length > 2 && /^[A-Z]/.test(name) && !/=/.test(name);
      return `\\${negated ? 'P' : 'p'}{${isScript ? 'Script=' : ''}${name}}`;
    }
    if (same.includes(next)) return `\\${next}`;
    if (/[a-zA-Z0-9]/.test(next)) throw new SyntaxError(`\\${next} is not known`);
    return null;
  }

  /** A class from after its [ to its ]. */
  #class(): string {
    let source = '[';
    for (;;) {
      const c = this.#text[this.#at++];
      if (c === undefined) throw new SyntaxError('a class without its end');
      if (c === ']') return `${source}]`;
      if (c === '[') throw new SyntaxError('a class within a class');
      if (c === '&' && this.#text[this.#at] === '&') throw new SyntaxError('&& is not known');
      if (c !== '\\') {
        source += c;
        continue;
      }
      const next = this.#text[this.#at++];
      if (next === undefined) throw new SyntaxError('a backslash at the end');
      if (next === 'w') source += word;
      else if (next === 'b') source += '\\b';
      else source += this.#named(next) ?? (/[\\^$.*+?()[\]{}|/-]/.test(next) ? `\\${next}` : next);
    }
  }

  #take(c: string): boolean {
    if (this.#text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #rest(length: number): string {
    return this.#text.slice(this.#at, this.#at + length).join('');
  }
}

function literal(c: string, fold: boolean): string {
  if (fold && /[a-zA-Z]/.test(c)) return `[${c.toLowerCase()}${c.toUpperCase()}]`;
  return c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}

function assemble(node: Node): Instruction[] {
  const program: Instruction[] = [];
  const sets = new Map<string, CharacterSet>();
  const setOf = (source: string): CharacterSet => {
    const set = sets.get(source) ?? new CharacterSet(source);
    sets.set(source, set);
    return set;
  };
  let [forks, parts] = [0, 0];
  const put = (one: Instruction): number => {
    if (program.length >= longest) throw new SyntaxError('a pattern that is too long');
    return program.push(one) - 1;
  };
  /** The way that is tried first comes right after; `other` is where the second one goes. */
  const fork = (greedy: boolean) => {
    const split = { op: 'split', to: program.length + 1, or: program.length + 1, fork: forks++ } as const;
    const own: { op: 'split'; to: number; or: number; fork: number } = { ...split };
    put(own);
    return (other: number) => {
      if (greedy) own.or = other;
      else own.to = other;
    };
  };
  const emit = (one: Node): void => {
    if (++parts > 4 * longest) throw new SyntaxError('a pattern that is too long');
    switch (one.is) {
      case 'set':
        put({ op: 'set', set: setOf(one.source) });
        break;
      case 'look':
        put({ op: 'look', set: setOf(one.source), ahead: one.ahead, negated: one.negated });
        break;
      case 'line':
        put({ op: 'line', end: one.end });
        break;
      case 'border':
        put({ op: 'border', word: setOf(`[${word}]`), negated: one.negated });
        break;
      case 'sequence':
        one.nodes.forEach(emit);
        break;
      case 'group':
        put({ op: 'save', end: false });
        emit(one.node);
        put({ op: 'save', end: true });
        break;
      case 'choice': {
        const ends: { op: 'jump'; to: number }[] = [];
        for (const [k, branch] of one.nodes.entries()) {
          const otherwise = k + 1 < one.nodes.length ? fork(true) : null;
          emit(branch);
          if (!otherwise) continue;
          const jump: { op: 'jump'; to: number } = { op: 'jump', to: 0 };
          put(jump);
          ends.push(jump);
          otherwise(program.length);
        }
        for (const jump of ends) jump.to = program.length;
        break;
      }
      case 'repeat': {
        for (let k = 0; k < one.min; k++) emit(one.node);
        if (one.max === Infinity) {
          const begin = program.length;
          const out = fork(one.greedy);
          emit(one.node);
          put({ op: 'jump', to: begin });
          out(program.length);
          break;
        }
        const outs: ((other: number) => void)[] = [];
        for (let k = one.min; k < one.max; k++) {
          outs.push(fork(one.greedy));
          emit(one.node);
        }
        for (const out of outs) out(program.length);
        break;
      }
      default:
        one satisfies never;
    }
  };
  emit(node);
  put({ op: 'match' });
  return program;
}
