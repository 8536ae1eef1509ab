// The site's table of contents: the one place where a page gets its place. A page is its path in docs/ without `.md`; its title is its own first heading,
// up to a colon. Where docs/ko/ has a page of the same name, the Korean site has that one, and the English one elsewhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { pages as apiPages } from './api/pages.mjs';

export const sections = [
  { en: 'Start', ko: '시작하기', pages: ['index', 'demos', 'library', 'bundlers'] },
  {
    en: 'Guide by task',
    ko: '과제별 안내',
    pages: [
      'language-models',
      'classification',
      'sequences',
      'tagging',
      'translation',
      'captions',
      'vqa',
      'video',
      'forecasting',
      'memory-tests',
    ],
  },
  { en: 'Data', ko: '데이터', pages: ['tables', 'images', 'data'] },
  {
    en: 'Concepts',
    ko: '개념',
    pages: [
      'concepts/index',
      'concepts/recurrence',
      'concepts/training',
      'concepts/sampling',
      'concepts/sequence-to-sequence',
      'concepts/images',
      'concepts/gradients',
      'concepts/gates',
      'lessons',
      'lecture',
      'cells',
    ],
  },
  { en: 'Look inside', ko: '속을 들여다보기', pages: ['inspect', 'gradients'] },
  { en: 'Use a trained model', ko: '학습한 모델 쓰기', pages: ['pipelines', 'serve', 'studio', 'convert'] },
  { en: 'On several machines', ko: '여러 컴퓨터에서', pages: ['many-machines', 'sweeps'] },
  {
    en: 'Coming from',
    ko: '다른 도구에서 오셨다면',
    pages: ['coming-from-pytorch', 'coming-from-keras', 'coming-from-tensorflowjs', 'coming-from-brainjs'],
  },
  { en: 'Measurements', ko: '측정', pages: ['results', 'performance'] },
  { en: 'API', ko: 'API', pages: ['api/index', ...[...apiPages.keys()].map((name) => `api/${name}`)] },
  {
    en: 'The project',
    ko: '프로젝트',
    pages: ['architecture', 'security', 'threat-model', 'contributing', 'changelog'],
  },
];

/** Pages of the repository that do not lie in docs/, by their files. */
export const elsewhere = new Map([
  ['CHANGELOG.md', 'changelog.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['SECURITY.md', 'security.md'],
]);
const fileElsewhere = new Map(Array.from(elsewhere, ([file, page]) => [page.replace(/\.md$/, ''), file]));

/** Where a file of the repository is on the site, or undefined: `docs/ko/cells.md` is `ko/cells.md`. */
export function pageOf(file) {
  return elsewhere.get(file) ?? /^(?:docs|build(?=\/api\/))\/(.+\.md)$/.exec(file)?.[1];
}

/** The file of a page of the table of contents. */
export function fileOf(page, language = 'en') {
  if (page.startsWith('api/')) return `build/${page}.md`;
  return fileElsewhere.get(page) ?? (language === 'ko' ? `docs/ko/${page}.md` : `docs/${page}.md`);
}

/** The address of a page of docs/ in the other language, or null. */
export function translationOf(file) {
  const other = file.startsWith('docs/ko/') ? file.replace('docs/ko/', 'docs/') : file.replace(/^docs\//, 'docs/ko/');
  if (!file.startsWith('docs/') || !existsSync(join(root, other))) return null;
  return `/${pageOf(other)}`.replace(/(index)?\.md$/, (_, index) => (index ? '' : '.html'));
}

/** The first heading of a page, up to a colon. */
export function titleOf(file) {
  const heading = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1];
  if (heading === undefined) throw new Error(`${file}: a page begins with a heading, "# …"`);
  return heading.split(': ')[0].replace(/`/g, '');
}

/** The table of contents in one language, as VitePress takes it: the API has one of its own, which the others lead to. */
export function sidebar(language) {
  const isApi = ({ pages }) => pages[0] === 'api/index';
  const all = sections.map((section) => (isApi(section) ? { ...section, pages: ['api/index'] } : section));
  const api = sections.filter(isApi);
  const contents = { [language === 'en' ? '/' : `/${language}/`]: all.map((section) => group(section, language)) };
  return language === 'en' ? { '/api/': api.map((section) => group(section, language)), ...contents } : contents;
}

function group({ pages, ...title }, language) {
  const items = pages.map((page) => {
    const own = fileOf(page, language);
    const there = existsSync(join(root, own));
    const translated = language !== 'en' && there && own.startsWith(`docs/${language}/`);
    const at = `${translated ? `/${language}` : ''}/${page}`.replace(/(^|\/)index$/, '$1');
    return {
      text: titleOf(there ? own : fileOf(page)) + (language === 'ko' && !translated ? ' (영어)' : ''),
      link: at,
    };
  });
  return { text: title[language], items };
}

/** Every Markdown file of docs/, as paths of the repository. */
export const docsFiles = () =>
  readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/\\/g, '/'))
    .sort();

/** What is wrong between the files of docs/ and the table of contents: a page in no section or in two, a page that is not there, a translation of nothing. */
export function misplaced(files = docsFiles(), contents = sections) {
  const listed = contents.flatMap(({ pages }) => pages);
  const own = files
    .filter((file) => !file.startsWith('docs/ko/'))
    .map((file) => file.slice('docs/'.length, -'.md'.length));
  const korean = files
    .filter((file) => file.startsWith('docs/ko/'))
    .map((file) => file.slice('docs/ko/'.length, -'.md'.length));
  const known = new Set([...own, ...fileElsewhere.keys()]);
  return [
    ...own
      .filter((page) => !listed.includes(page))
      .map((page) => `docs/${page}.md is in no section of tools/site/navigation.mjs`),
    ...listed.filter((page, i) => listed.indexOf(page) !== i).map((page) => `${page} is in the navigation twice`),
    ...listed
      .filter((page) => !known.has(page) && !page.startsWith('api/'))
      .map((page) => `${page} is in the navigation, and docs/${page}.md is not there`),
    ...korean
      .filter((page) => !own.includes(page))
      .map((page) => `docs/ko/${page}.md is the translation of docs/${page}.md, which is not there`),
  ];
}
