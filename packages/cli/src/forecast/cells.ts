// A table's column of texts as numbers, and what is known of the cells that are none.

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

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const nothing = /^(|nan|na|n\/a|null|none|nil|-|\?)$/i;

/** Numbers of one column, NaN where there is none. */
export class NumberColumn {
  readonly name: string;
  readonly values: number[] = [];
  readonly gaps: Gap[] = [];
  #texts = 0;

  constructor(name: string) {
    this.name = name;
  }

  add(cell: string | null, file: string, row: number): void {
    const text = cell?.trim() ?? '';
    const value = valueOf(text);
    this.values.push(value);
    if (Number.isFinite(value)) return;
    const isText = !nothing.test(text) && !/^[+-]?inf(inity)?$/i.test(text) && !number.test(text);
    if (isText) this.#texts++;
    const what = text === '' ? 'empty' : isText ? JSON.stringify(text.slice(0, 40)) : text;
    this.gaps.push({ at: this.values.length - 1, file, row, column: this.name, what });
  }

  /** How many cells hold a number. */
  get count(): number {
    return this.values.length - this.gaps.length;
  }

  /** Whether it is a column of numbers, in which a few texts are mistakes. */
  get isNumeric(): boolean {
    return this.count > 0 && this.#texts <= 0.1 * (this.count + this.#texts);
  }
}

function valueOf(text: string): number {
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  const value = number.test(text) ? Number(text) : Number.NaN;
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
