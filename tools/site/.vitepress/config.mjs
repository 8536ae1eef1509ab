// The site: the Markdown of docs/, of the root and of build/api as VitePress lays it out. `npm run docs` builds it; tools/site/navigation.mjs has its contents.

import { defineConfig } from 'vitepress';
import { licensesFile, licensesOf } from '../../licenses.mjs';
import { elsewhere, pageOf, sidebar, translationOf } from '../navigation.mjs';
import { emptyHeaders, repositoryLinks } from '../markdown.mjs';
import { slug } from '../slug.mjs';

const keep = ['docs', 'build', ...elsewhere.keys()].join('|');
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;

export default defineConfig({
  title: 'unrolled',
  description: 'Recurrent networks in TypeScript: train them, look inside them, ship them, in Node and in the browser.',
  srcDir: '../..',
  srcExclude: [`!(${keep})`, `!(${keep})/**`, 'build/!(api)', 'build/!(api)/**'],
  rewrites: (file) => pageOf(file),
  outDir: process.env.UNROLLED_SITE ?? '../../build/site',
  cacheDir: '../../build/site-cache',
  base: process.env.UNROLLED_SITE_BASE ?? '/unrolled/',
  cleanUrls: false,
  metaChunk: true,
  vite: {
    build: { chunkSizeWarningLimit: 8000 }, // the index of the search is one file, fetched when it is opened
    plugins: [
      {
        name: 'write-licenses',
        apply: (_, { isSsrBuild }) => !isSsrBuild,
        generateBundle(_, files) {
          const modules = Object.values(files).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
          this.emitFile({ type: 'asset', fileName: licensesFile, source: licensesOf(modules) });
        },
      },
    ],
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: slug },
    config: (md) => {
      emptyHeaders(md);
      repositoryLinks(md, (problem) => {
        throw new Error(problem);
      });
    },
  },
  locales: {
    root: { label: 'English', lang: 'en' },
    ko: {
      label: '한국어',
      lang: 'ko',
      description:
        'TypeScript로 만든 순환 신경망 라이브러리. Node와 브라우저에서 학습시키고, 들여다보고, 서비스합니다.',
      themeConfig: {
        nav: [
          { text: '시작하기', link: '/ko/' },
          { text: '개념', link: '/ko/concepts/' },
          { text: 'API', link: '/api/' },
        ],
        sidebar: sidebar('ko'),
        outline: { label: '이 페이지에서', level: 2 },
        docFooter: { prev: '이전', next: '다음' },
        darkModeSwitchLabel: '화면 밝기',
        lightModeSwitchTitle: '밝게 보기',
        darkModeSwitchTitle: '어둡게 보기',
        sidebarMenuLabel: '차례',
        returnToTopLabel: '맨 위로',
        langMenuLabel: '언어',
        skipToContentLabel: '본문으로 건너뛰기',
      },
    },
  },
  transformPageData: ({ filePath }) => ({ translation: translationOf(filePath) }),
  themeConfig: {
    i18nRouting: false, // not every page is there in both languages: the theme links to a translation where there is one
    nav: [
      { text: 'Start', link: '/' },
      { text: 'Concepts', link: '/concepts/' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: sidebar('en'),
    outline: { label: 'On this page', level: 2 },
    socialLinks: server && name ? [{ icon: 'github', link: `${server}/${name}` }] : [],
    search: {
      provider: 'local',
      options: {
        locales: {
          ko: {
            translations: {
              button: { buttonText: '검색', buttonAriaLabel: '검색' },
              modal: {
                displayDetails: '자세히 보기',
                resetButtonTitle: '지우기',
                backButtonTitle: '닫기',
                noResultsText: '찾은 것이 없습니다:',
                footer: { selectText: '열기', navigateText: '이동', closeText: '닫기' },
              },
            },
          },
        },
      },
    },
  },
});
