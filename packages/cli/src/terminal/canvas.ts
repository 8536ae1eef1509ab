// A canvas of braille characters: each holds 2 × 4 dots, and has the color of the line drawn last.

/** Bits of the dots of a braille character, [row][column]. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];

type Paint = (text: string) => string;

export class BrailleCanvas {
  readonly #cells: number[][];
  readonly #paints: (Paint | null)[][];

  /** Size in characters. */
  constructor(width: number, height: number) {
    this.#cells = Array.from({ length: height }, () => new Array<number>(width).fill(0));
    this.#paints = Array.from({ length: height }, () => new Array<Paint | null>(width).fill(null));
  }

  /**
   * Draws a line through heights from 0 (top) to 1 (bottom), one for every column of dots from `start` on. Values that are not finite leave a gap. With
   * `every`, only every so-many-th point is drawn, as a dot.
   */
  line(heights: readonly number[], { start = 0, paint = null, every = 0 }: LineOptions = {}): void {
    const last = this.#cells.length * 4 - 1;
    let before: number | null = null;
    for (const [i, height] of heights.entries()) {
      const row = Math.round(height * last);
      if (!Number.isFinite(row)) {
        before = null;
        continue;
      }
      if (every > 0) {
        if (i % every === 0) this.#dot(start + i, row, paint);
        continue;
      }
      // From the row after the last point's to this one's, so that a steep line stays a line.
      const from: number = before === null ? row : before + Math.sign(row - before);
      for (let y = from; ; y += Math.sign(row - y)) {
        this.#dot(start + i, y, paint);
        if (y === row) break;
      }
      before = row;
    }
  }

  #dot(x: number, y: number, paint: Paint | null): void {
    this.#cells[y >> 2][x >> 1] |= dots[y & 3][x & 1];
    this.#paints[y >> 2][x >> 1] = paint;
  }

  rows(): string[] {
    return this.#cells.map((row, r) =>
      row
        .map((bits, c) => {
          const character = String.fromCodePoint(0x2800 + bits);
          const paint = this.#paints[r][c];
          return bits !== 0 && paint ? paint(character) : character;
        })
        .join(''),
    );
  }
}

export interface LineOptions {
  /** The first column of dots. */
  readonly start?: number;
  readonly paint?: Paint | null;
  readonly every?: number;
}
