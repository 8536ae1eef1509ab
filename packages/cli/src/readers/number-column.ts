// A table's column of texts as numbers, and what is known of the cells that are none. How numbers are written is a matter of the whole column:
// 1,234 alone may be a thousand or one and a bit, and beside 12,5 it is not in doubt.

import { FormatError } from 'unrolled';

/** A cell without a number: an empty one, NaN, a text. */
export interface Gap {
  /** Rows before it, those of the files before counted too. */
  readonly at: number;
  readonly file: string;
  /** From 1, the header not counted. */
  readonly row: number;
  readonly column: string;
  /** `empty`, `nan`, `"about 7"`. */
  readonly what: string;
}

/** What stands between a number's whole part and its fraction. */
export type Decimal = 'point' | 'comma';
export const decimals = ['point', 'comma'] as const;

const nothing = /^(|nan|na|n\/a|null|none|nil|-|\?)$/i;
const infinite = /^[+-]?inf(inity)?$/i;
const target = /^(true|false)$/i;
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const spaces = "\\u0020\\u00a0\\u202f'’"; // that part thousands, whichever the decimal sign
const styles: Readonly<Record<Decimal, RegExp>> = {
  point: new RegExp(
    `^[+-]?([1-9]\\d{0,2}(?:([,${spaces}])\\d{3})(?:\\2\\d{3})*(\\.\\d*)?|(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?)$`,
    'i',
  ),
  comma: new RegExp(
    `^[+-]?([1-9]\\d{0,2}(?:([.${spaces}])\\d{3})(?:\\2\\d{3})*(,\\d*)?|(\\d+,?\\d*|,\\d+)(e[+-]?\\d+)?)$`,
    'i',
  ),
};

interface Cell {
  readonly text: string;
  readonly file: string;
  readonly row: number;
}

/** Numbers of one column, NaN where there is none. */
export class NumberColumn {
  readonly name: string;
  readonly #cells: Cell[] = [];
  #read: { readonly decimal: Decimal; readonly values: number[]; readonly gaps: Gap[]; readonly texts: number } | null =
    null;
  /** For cells that either reading fits: what was asked for, or what other columns of the table have. */
  #hint: Decimal | null = null;

  constructor(name: string) {
    this.name = name;
  }

  add(cell: string | null, file: string, row: number): void {
    this.#cells.push({ text: cell?.trim() ?? '', file, row });
    this.#read = null;
  }

  get values(): readonly number[] {
    return this.#settled().values;
  }

  get gaps(): readonly Gap[] {
    return this.#settled().gaps;
  }

  /** How many cells hold a number. */
  get count(): number {
    return this.values.length - this.gaps.length;
  }

  /** Whether it is a column of numbers, in which a few texts are mistakes. */
  get isNumeric(): boolean {
    return this.count > 0 && this.#settled().texts <= 0.1 * (this.count + this.#settled().texts);
  }

  /** Whether row t is left empty, and not a text in the place of a number. */
  isEmpty(t: number): boolean {
    return nothing.test(this.#cells[t].text);
  }

  /** The decimal sign that its cells leave no doubt about; null where none has a fraction, or where both fit. */
  get decimal(): Decimal | null {
    const texts = this.#numbers();
    const [point, comma] = decimals.map((d) => texts.every(({ text }) => styles[d].test(bare(text))));
    return point === comma ? null : point ? 'point' : 'comma';
  }

  hint(decimal: Decimal | null): void {
    this.#hint = decimal;
    this.#read = null;
  }

  /** Throws for a column whose cells cannot all be read in one way, naming the cell. */
  check(): void {
    const numbers = this.#numbers();
    const at = ({ file, row }: Cell) => `${file}, row ${row}, column ${this.name}`;
    const { decimal } = this.#settled();
    const odd = numbers.find(({ text }) => !styles[decimal].test(bare(text)));
    if (odd)
      throw new FormatError(
        at(odd),
        `${JSON.stringify(odd.text)} is not written like the other numbers of its column, which have a decimal ${decimal}; write all of them alike`,
      );
    const percent = numbers.filter(({ text }) => text.endsWith('%')).length;
    if (percent > 0 && percent < numbers.length) {
      const few = 2 * percent <= numbers.length;
      const one = numbers.find(({ text }) => text.endsWith('%') === few) as Cell;
      throw new FormatError(
        at(one),
        `${JSON.stringify(one.text)} is written ${few ? 'with' : 'without'} %, and other numbers of its column are not; write all of them alike`,
      );
    }
    const doubtful = numbers.find(({ text }) => !plain.test(bare(text)) && bare(text).includes(','));
    if (this.#hint === null && this.decimal === null && doubtful)
      throw new FormatError(
        at(doubtful),
        `${JSON.stringify(doubtful.text)} may have a decimal comma or one between thousands; say which: --decimal comma or --decimal point`,
      );
  }

  /** Cells that are numbers in one way of writing them or the other. */
  #numbers(): Cell[] {
    return this.#cells.filter(({ text }) => decimals.some((d) => styles[d].test(bare(text))));
  }

  #settled() {
    this.#read ??= this.#readAs(this.#decimalOf());
    return this.#read;
  }

  #decimalOf(): Decimal {
    const texts = this.#numbers().map(({ text }) => bare(text));
    if (this.#hint === null && texts.every((text) => plain.test(text))) return 'point';
    const fits = decimals.map((d) => texts.filter((text) => styles[d].test(text)).length);
    if (fits[0] === fits[1]) return this.#hint ?? 'point';
    return fits[0] > fits[1] ? 'point' : 'comma';
  }

  #readAs(decimal: Decimal) {
    const values: number[] = [];
    const gaps: Gap[] = [];
    let texts = 0;
    for (const [at, { text, file, row }] of this.#cells.entries()) {
      const value = valueOf(text, decimal);
      values.push(value);
      if (Number.isFinite(value)) continue;
      const isText = !nothing.test(text) && !infinite.test(text) && !plain.test(text);
      if (isText) texts++;
      const what = text === '' ? 'empty' : isText ? JSON.stringify(text.slice(0, 40)) : text;
      gaps.push({ at, file, row, column: this.name, what });
    }
    return { decimal, values, gaps, texts };
  }
}

/** Without the % behind it: 5 % is 5. */
function bare(text: string): string {
  return text.endsWith('%') ? text.slice(0, -1).trim() : text;
}

function valueOf(text: string, decimal: Decimal): number {
  if (target.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
  const number = bare(text);
  if (!styles[decimal].test(number)) return Number.NaN;
  const [thousands, sign] = decimal === 'point' ? [/[, \u00a0\u202f'’]/g, '.'] : [/[. \u00a0\u202f'’]/g, ','];
  const value = Number(number.replace(thousands, '').replace(sign, '.'));
  return Number.isFinite(value) ? value : Number.NaN;
}

const shown = 3;

/** `row 5, column load (empty); row 9, column load ("about 7"); …` */
export function describeGaps(gaps: readonly Gap[]): string {
  const several = gaps.some(({ file }) => file !== gaps[0].file);
  const some = gaps
    .slice(0, shown)
    .map(({ file, row, column, what }) => `${several ? `${file}, ` : ''}row ${row}, column ${column} (${what})`);
  return `${some.join('; ')}${gaps.length > shown ? '; …' : ''}`;
}
