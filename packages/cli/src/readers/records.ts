// Records of text tables. A record is a line, unless a quoted cell contains line ends. An invalid line is left out, and reading continues
// with the next: a quote that nobody closed would otherwise take the rest of the file with it.
//
// The text may come in pieces: `push` gives the records that are whole, `finish` the rest.

export interface Layout {
  /** One character; empty where the table has one column. */
  readonly delimiter: string;
  /** Empty where quotes are ordinary characters, as is usual between tabs. */
  readonly quote: string;
  /** Line end. Where it is \n, a \r before it belongs to it, and any other \r is a character. */
  readonly lineEnd: '\n' | '\r';
  /** Expected number of cells; null for any number. */
  readonly width: number | null;
}

/** A record's cells, or what is wrong with its line. */
export type TextRecord = { readonly cells: readonly string[] } | { readonly problem: string };

export const longestRecord = 2 ** 25; // characters; what is longer is no row of a table

const tooLong: TextRecord = { problem: `longer than ${longestRecord / 2 ** 20} MB` };

/** A quoted cell that contains this many lines which are valid rows is an unclosed quote. */
const rowsInCell = 20;

export class RecordReader {
  readonly #layout: Layout;
  #text = '';
  /** Pieces after it in which no line ends. */
  #waiting: string[] = [];
  #waitingLength = 0;
  /** Position of the next delimiter after `from`, cached: lines without one are not searched again and again. */
  #delimiter = { from: Infinity, at: -1 };
  /** Within a line that is too long. */
  #skipping = false;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  push(piece: string): TextRecord[] {
    this.#waiting.push(piece);
    this.#waitingLength += piece.length;
    if (piece.includes(this.#layout.lineEnd)) return this.#take(false);
    return this.#waitingLength > longestRecord ? this.#skipLine() : [];
  }

  finish(): TextRecord[] {
    return this.#take(true);
  }

  /** A line that is too long is dropped before it ends. Before it there may be lines of an unclosed quote. */
  #skipLine(): TextRecord[] {
    this.#waiting = [];
    this.#waitingLength = 0;
    if (this.#skipping) return [];
    this.#text = this.#text.slice(0, this.#text.lastIndexOf(this.#layout.lineEnd) + 1);
    const found = this.#take(true);
    this.#skipping = true;
    return [...found, tooLong];
  }

  #take(final: boolean): TextRecord[] {
    const found: TextRecord[] = [];
    this.#text = [this.#text, ...this.#waiting].join('');
    this.#waiting = [];
    this.#waitingLength = 0;
    const { lineEnd } = this.#layout;
    let at = 0;
    this.#delimiter = { from: Infinity, at: -1 };
    if (this.#skipping) {
      const end = this.#text.indexOf(lineEnd);
      at = end < 0 ? this.#text.length : end + 1;
      if (end >= 0 || final) this.#skipping = false;
    }
    while (at < this.#text.length) {
      const record = this.#next(at, final);
      if (record === null) break;
      if (record.record) found.push(record.record);
      at = record.next;
    }
    this.#text = this.#text.slice(at);
    return found;
  }

  /** The record at `at` and the start of the next; null where more text is needed. No record: an empty line. */
  #next(at: number, final: boolean): { readonly record: TextRecord | null; readonly next: number } | null {
    const { lineEnd, width } = this.#layout;
    const text = this.#text;
    const lineStop = text.indexOf(lineEnd, at);
    if (lineStop < 0 && !final) return null;
    const lineNext = lineStop < 0 ? text.length : lineStop + 1;
    if (lineNext - at > longestRecord) return { record: tooLong, next: lineNext };
    const read = this.#cells(at, final || text.length - at > longestRecord);
    if (read === 'more') return null;
    if (read === 'open' || read.next - at > longestRecord)
      return this.#bad('with a quote that is not closed', lineNext);
    const { cells, next } = read;
    if (cells.length === 1 && cells[0] === '' && width !== 1 && next === lineNext) return { record: null, next };
    if (next > lineNext && (this.#isWrong(cells) || this.#holdsRows(cells)))
      return this.#bad('with a quote that is not closed', lineNext);
    if (this.#isWrong(cells)) {
      const columns = `${cells.length} ${cells.length === 1 ? 'column' : 'columns'}`;
      return this.#bad(`with ${columns} where ${width} are expected`, lineNext);
    }
    return { record: { cells }, next };
  }

  #bad(problem: string, next: number) {
    return { record: { problem }, next };
  }

  #isWrong(cells: readonly string[]): boolean {
    const { width } = this.#layout;
    return width !== null && cells.length !== width;
  }

  #holdsRows(cells: readonly string[]): boolean {
    const { width, delimiter, lineEnd } = this.#layout;
    if (width === null || width < 2) return false;
    return cells.some((cell) => {
      const inner = cell.split(lineEnd).slice(1, -1);
      return inner.length >= rowsInCell && inner.every((line) => line.split(delimiter).length === width);
    });
  }

  /** 'open': an unclosed quote, or one closed in the middle of a cell. */
  #cells(at: number, final: boolean): { cells: string[]; next: number } | 'more' | 'open' {
    const { quote, lineEnd, delimiter } = this.#layout;
    const text = this.#text;
    const cells: string[] = [];
    let i = at;
    for (;;) {
      if (quote && text[i] === quote) {
        const close = this.#close(i + 1, final);
        if (typeof close === 'string') return close;
        cells.push(text.slice(i + 1, close).replaceAll(quote + quote, quote));
        i = close + 1;
        if (i >= text.length) return { cells, next: i };
        if (delimiter && text[i] === delimiter) {
          i++;
          continue;
        }
        if (lineEnd === '\n') while (text[i] === '\r') i++;
        if (i >= text.length) return final ? { cells, next: i } : 'more';
        return text[i] === lineEnd ? { cells, next: i + 1 } : 'open';
      }
      const found = text.indexOf(lineEnd, i);
      if (found < 0 && !final) return 'more';
      const stop = found < 0 ? text.length : found;
      const parts = this.#nextDelimiter(i);
      if (parts < stop) {
        cells.push(text.slice(i, parts));
        i = parts + 1;
        continue;
      }
      cells.push(lineEnd === '\n' ? withoutReturn(text, i, stop) : text.slice(i, stop));
      return { cells, next: found < 0 ? stop : stop + 1 };
    }
  }

  /** Finds the end of the quote opened before `from`. */
  #close(from: number, final: boolean): number | 'more' | 'open' {
    const { quote } = this.#layout;
    const text = this.#text;
    for (let i = from; ; ) {
      const k = text.indexOf(quote, i);
      if (k < 0) return final ? 'open' : 'more';
      if (k + 1 >= text.length && !final) return 'more'; // the next character may double it
      if (text[k + 1] !== quote) return k;
      i = k + 2;
    }
  }

  #nextDelimiter(from: number): number {
    if (!this.#layout.delimiter) return Infinity;
    const known = this.#delimiter;
    if (known.from <= from && from <= known.at) return known.at;
    const at = this.#text.indexOf(this.#layout.delimiter, from);
    this.#delimiter = { from, at: at < 0 ? Infinity : at };
    return this.#delimiter.at;
  }
}

function withoutReturn(text: string, from: number, to: number): string {
  let end = to;
  while (end > from && text[end - 1] === '\r') end--;
  return text.slice(from, end);
}

/** All records of a complete text. */
export function recordsIn(text: string, layout: Layout): TextRecord[] {
  const reader = new RecordReader(layout);
  return [...reader.push(text), ...reader.finish()];
}
