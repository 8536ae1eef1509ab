// Words about the user's own data.

import type { GivenProblem, RowProblem } from '../../own/given.ts';
import { catalogue } from '../../words/catalogue.ts';
import { bytes, grouped } from '../../words/numbers.ts';

export const ownWords = catalogue({
  en: {
    textLabel: 'Your text',
    placeholder: 'Paste a text of at least a few thousand characters',
    chooseFile: 'Choose a file',
    chooseFolder: 'Choose a folder of images',
    camera: 'Gestures by camera',
    formats:
      'A text, CSV, TSV or JSON lines; a folder with a subfolder of images or clips for each label, or with a table of captions; or clips of the camera.',
    reading: 'Reading the files.',
    characters: (n: string) => `${n} characters. They stay in this browser.`,
    amount: (kind: string, n: string) => `${n} ${kind}. They stay in this browser.`,
    kinds: {
      labeled: 'labeled texts',
      tagged: 'tagged texts',
      pairs: 'pairs of texts',
      series: 'rows of a series',
      captions: 'images with captions',
      clips: 'labeled images',
      gathered: 'labeled clips',
    },
    learn: 'What to learn',
    tasks: {
      labeled: 'Classify: a label for a text',
      tagged: 'Tag: a tag for every token',
      pairs: 'Translate: a text from a text',
      series: 'Forecast: the next steps of numbers',
    },
    roles: { labeled: ['Text', 'Label'], tagged: ['Tokens', 'Tags'], pairs: ['Source', 'Target'] },
    seriesColumns: 'Columns',
    filledIn: (n: string) =>
      n === '1'
        ? '1 value is not a number; the one before it is taken:'
        : `${n} values are not numbers; those before them are taken. The first of them:`,
    leftOut: (n: string) =>
      n === '1'
        ? '1 row cannot be used and is left out:'
        : `${n} rows cannot be used and are left out. The first of them:`,
    problems: {
      encoding: (name: string) => `${name} is not a text in UTF-8 or UTF-16. Save it as UTF-8 and choose it again.`,
      empty: (name: string) => `${name} has no rows.`,
      oneColumn: (name: string) =>
        `${name} has one column of texts. Two are needed: a text and its label, tags, or translation.`,
      noImages: (name: string) =>
        `There are no images in ${name}, and only one text or table can be learned from at a time.`,
      noLabels: (name: string) =>
        `All images of ${name} are in one folder. Put those of each label into a subfolder of its own, or add a table with the columns image and caption.`,
      large: (name: string, most: string) =>
        `${name} is larger than ${most}, which is more than a page can hold. Take a part of it.`,
      many: (name: string, count: string, most: string) =>
        `${name} has ${count} rows or images; at most ${most} can be learned from in a page.`,
      oneLabel: (label: string) =>
        `Every row has the label ${label}; there is nothing to tell apart. Is that the column?`,
      few: (usable: string, least: string) => `Only ${usable} rows can be used, and at least ${least} are needed.`,
    },
    rows: {
      cells: (row: string, expected: string, got: string) =>
        `Row ${row}: expected ${expected} cells, as the first row has, got ${got}.`,
      json: (row: string) => `Row ${row}: not a JSON object.`,
      quote: (row: string) => `Row ${row}: a quotation mark is not closed.`,
      empty: (row: string, column: string) => `Row ${row}: ${column} is empty.`,
      number: (row: string, column: string, got: string) => `Row ${row}: ${column} is “${got}”, not a number.`,
      lengths: (row: string, tokens: string, tags: string) => `Row ${row}: ${tokens} tokens and ${tags} tags.`,
      image: (file: string) => `${file}: not an image that this browser can read.`,
      noImage: (row: string, file: string) => `Row ${row}: there is no image ${file}.`,
    },
  },
  ko: {
    textLabel: '내 글',
    placeholder: '수천 글자 이상의 글을 붙여 넣으세요',
    chooseFile: '파일 고르기',
    chooseFolder: '이미지 폴더 고르기',
    camera: '카메라로 동작 녹화',
    formats:
      '글, CSV, TSV, JSON Lines, 레이블마다 하위 폴더를 둔 이미지나 클립 폴더, 캡션 표가 있는 이미지 폴더, 또는 카메라로 녹화한 클립.',
    reading: '파일을 읽는 중입니다.',
    characters: (n) => `${n}자. 이 브라우저 밖으로 나가지 않습니다.`,
    amount: (kind, n) => `${kind} ${n}개. 이 브라우저 밖으로 나가지 않습니다.`,
    kinds: {
      labeled: '레이블이 있는 글',
      tagged: '태그가 있는 글',
      pairs: '글의 쌍',
      series: '시계열의 행',
      captions: '캡션이 있는 이미지',
      clips: '레이블이 있는 이미지',
      gathered: '레이블이 있는 클립',
    },
    learn: '무엇을 배울까요',
    tasks: {
      labeled: '분류: 글의 레이블',
      tagged: '태깅: 토큰마다 태그',
      pairs: '번역: 글에서 글로',
      series: '예측: 수의 다음 단계',
    },
    roles: { labeled: ['글', '레이블'], tagged: ['토큰', '태그'], pairs: ['원문', '번역'] },
    seriesColumns: '열',
    filledIn: (n) => `수가 아니어서 앞의 값으로 채운 값: ${n}개. 그 가운데 처음 몇 개입니다.`,
    leftOut: (n) => `쓸 수 없어 뺀 행: ${n}개. 그 가운데 처음 몇 개입니다.`,
    problems: {
      encoding: (name) => `UTF-8이나 UTF-16 글이 아닙니다. UTF-8로 저장해 다시 고르세요: ${name}`,
      empty: (name) => `행이 없습니다: ${name}`,
      oneColumn: (name) => `글 열이 하나뿐입니다. 글과 레이블(또는 태그, 번역), 두 열이 필요합니다: ${name}`,
      noImages: (name) => `이미지가 없고, 글이나 표는 한 번에 하나만 배울 수 있습니다: ${name}`,
      noLabels: (name) =>
        `이미지가 모두 한 폴더에 있습니다. 레이블마다 하위 폴더에 나누어 넣거나, image 열과 caption 열이 있는 표를 더하세요: ${name}`,
      large: (name, most) => `페이지에 담기에는 너무 큽니다(최대 ${most}). 일부만 고르세요: ${name}`,
      many: (name, count, most) =>
        `행이나 이미지가 ${count}개입니다. 페이지에서는 ${most}개까지 배울 수 있습니다: ${name}`,
      oneLabel: (label) => `모든 행의 레이블이 같아서 가려낼 것이 없습니다. 이 열이 맞나요? ${label}`,
      few: (usable, least) => `쓸 수 있는 행이 ${usable}개뿐입니다. 적어도 ${least}개가 필요합니다.`,
    },
    rows: {
      cells: (row, expected, got) => `${row}행: 첫 행처럼 칸이 ${expected}개여야 하는데 ${got}개입니다.`,
      json: (row) => `${row}행: JSON 객체가 아닙니다.`,
      quote: (row) => `${row}행: 따옴표가 닫히지 않았습니다.`,
      empty: (row, column) => `${row}행: 빈칸입니다(${column}).`,
      number: (row, column, got) => `${row}행: 수가 아닙니다(${column}): “${got}”`,
      lengths: (row, tokens, tags) => `${row}행: 토큰 ${tokens}개, 태그 ${tags}개`,
      image: (file) => `이 브라우저가 읽을 수 없는 이미지입니다: ${file}`,
      noImage: (row, file) => `${row}행: 이미지가 없습니다: ${file}`,
    },
  },
});

/** Why nothing can be learned, for a person. */
export function problemText(problem: GivenProblem): string {
  const p = ownWords.value.problems;
  switch (problem.what) {
    case 'encoding':
      return p.encoding(problem.name);
    case 'empty':
      return p.empty(problem.name);
    case 'one-column':
      return p.oneColumn(problem.name);
    case 'no-images':
      return p.noImages(problem.name);
    case 'no-labels':
      return p.noLabels(problem.name);
    case 'large':
      return p.large(problem.name, bytes(problem.most));
    case 'many':
      return p.many(problem.name, grouped(problem.count), grouped(problem.most));
    case 'one-label':
      return p.oneLabel(problem.label);
    case 'few':
      return p.few(grouped(problem.usable), grouped(problem.least));
    default:
      return problem satisfies never;
  }
}

/** Why a row cannot be used, for a person. */
export function rowText(problem: RowProblem): string {
  const r = ownWords.value.rows;
  switch (problem.what) {
    case 'cells':
      return r.cells(grouped(problem.row), grouped(problem.expected), grouped(problem.got));
    case 'json':
      return r.json(grouped(problem.row));
    case 'quote':
      return r.quote(grouped(problem.row));
    case 'empty':
      return r.empty(grouped(problem.row), problem.column);
    case 'number':
      return r.number(grouped(problem.row), problem.column, problem.got.slice(0, 40));
    case 'lengths':
      return r.lengths(grouped(problem.row), grouped(problem.tokens), grouped(problem.tags));
    case 'image':
      return r.image(problem.file);
    case 'no-image':
      return r.noImage(grouped(problem.row), problem.file);
    default:
      return problem satisfies never;
  }
}
