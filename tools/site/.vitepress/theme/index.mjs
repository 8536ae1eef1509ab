// VitePress' theme without its fonts: the reader's own are used, and nothing is loaded from elsewhere. Above a page stands the link to its translation.

import { useData, withBase } from 'vitepress';
import theme from 'vitepress/theme-without-fonts';
import { h } from 'vue';
import { watchSearch } from './search.mjs';
import './style.css';

function Translation() {
  const { page } = useData();
  if (!page.value.translation) return null;
  const korean = page.value.relativePath.startsWith('ko/');
  const [text, lang] = korean ? ['Read this page in English', 'en'] : ['이 페이지를 한국어로 읽기', 'ko'];
  const link = h('a', { href: withBase(page.value.translation), lang, hreflang: lang }, text);
  return h('nav', { class: 'translation', 'aria-label': korean ? '언어' : 'Language' }, link);
}

/** One page answers for every address that leads nowhere, so it speaks both languages. */
function NotFound() {
  const link = (path, text, lang) => h('p', { lang }, h('a', { href: withBase(path) }, text));
  return h('main', { class: 'not-found vp-doc' }, [
    h('h1', 'There is no page here'),
    link('/', 'The first page of the documentation', 'en'),
    link('/ko/', '문서의 첫 페이지', 'ko'),
  ]);
}

export default {
  ...theme,
  enhanceApp(context) {
    theme.enhanceApp(context);
    if (typeof document !== 'undefined') watchSearch();
  },
  Layout: () => h(theme.Layout, null, { 'doc-before': () => h(Translation), 'not-found': () => h(NotFound) }),
};
