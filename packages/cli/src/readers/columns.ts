// Chooses the columns: the one that was named, or the one with a usual name.

import { FormatError, suggest } from 'unrolled';
import { shellWord } from '../shell.ts';

export interface Wish {
  /** The option that names it: `--text`. */
  readonly flag: string;
  /** The option's value. */
  readonly given: string | null;
  /** Usual names, most common first. */
  readonly guesses: readonly string[];
  /** Whether the data can be used without it. */
  readonly optional?: boolean;
}

/** Finds a column for every wish, null for a missing optional one. Throws with the columns there are. */
export function chooseColumns<K extends string>(
  wishes: Readonly<Record<K, Wish>>,
  columns: readonly string[],
  source: string,
): Record<K, string | null> {
  const chosen = {} as Record<K, string | null>;
  const names = Object.keys(wishes) as K[];
  for (const name of names)
    chosen[name] = named(wishes[name], columns, source) ?? usualColumn(columns, wishes[name].guesses);
  // With one wish left and one column left, that is the one.
  const free = columns.filter((column) => !Object.values(chosen).includes(column));
  const open = names.filter((name) => chosen[name] === null && !wishes[name].optional);
  if (open.length === 1 && free.length === 1) chosen[open[0]] = free[0];
  const missing = names.find((name) => chosen[name] === null && !wishes[name].optional);
  if (missing === undefined) return chosen;
  throw new FormatError(
    source,
    `which column is the ${missing}? There are ${shown(columns)}; name it: ${wishes[missing].flag} ${shellWord(free[0] ?? columns[0])}${headerHint(columns)}`,
  );
}

/** Names as long as a person reads them. */
function shown(columns: readonly string[]): string {
  const names = columns.slice(0, 30).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return `${names.join(', ')}${columns.length > 30 ? ', …' : ''}`;
}

/** Whether the names of the columns look like data: a number, a sentence. */
function headerHint(columns: readonly string[]): string {
  const numbered = columns.every((name, i) => name === String(i + 1));
  const isData = (name: string) =>
    name.length > 40 || /[.!?]$|^[-+]?\d+([.,]\d+)?$/.test(name) || name.split(' ').length > 2;
  if (numbered || !columns.some(isData)) return '';
  return '; if the first line is data and no header, add --no-header';
}

function named({ flag, given }: Wish, columns: readonly string[], source: string): string | null {
  if (given === null) return null;
  if (columns.includes(given)) return given;
  const same = columns.find((column) => column.toLowerCase() === given.toLowerCase());
  if (same) return same;
  const hint = suggest(given, columns);
  const there = hint.startsWith('known') ? '' : `; there are ${shown(columns)}`;
  throw new FormatError(
    source,
    `${flag}: there is no column ${given}; ${hint.replace(/^known are/, 'there are')}${there}`,
  );
}

/** What Korean tables call the columns with these usual names. */
const inKorean: Readonly<Record<string, readonly string[]>> = {
  text: ['텍스트', '본문', '내용', '문장', '글', '리뷰', '댓글', '발화'],
  label: ['레이블', '라벨', '분류', '감정', '감성'],
  source: ['원문', '입력'],
  target: ['번역문', '번역', '출력'],
  tokens: ['토큰', '단어', '어절'],
  tags: ['태그', '품사'],
  image: ['이미지', '사진', '그림', '파일'],
  caption: ['설명', '캡션'],
  question: ['질문'],
  answer: ['정답', '답변', '답', '대답'],
  clip: ['영상', '동영상', '비디오'],
  time: ['시간', '시각', '일시', '날짜', '일자'],
};

/** Usual names with the Korean ones behind them. */
export function usualNames(names: readonly string[]): readonly string[] {
  return [...names, ...names.flatMap((name) => (Object.hasOwn(inKorean, name) ? inKorean[name] : []))];
}

/** The column that has one of these names, the first of them that there is; null for none. */
export function usualColumn(columns: readonly string[], names: readonly string[]): string | null {
  for (const name of usualNames(names)) {
    const found =
      columns.find((column) => column === name) ??
      columns.find((column) => column.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}

/** `a,b, c,d` with a column `b, c`: a; b, c; d. The longest name that fits comes first. */
export function namesIn(list: string, columns: readonly string[]): string[] {
  const parts = list.split(',');
  const names: string[] = [];
  for (let from = 0; from < parts.length; ) {
    let to = parts.length;
    while (to > from + 1 && !columns.includes(parts.slice(from, to).join(',').trim())) to--;
    names.push(parts.slice(from, to).join(',').trim());
    from = to;
  }
  return names;
}
