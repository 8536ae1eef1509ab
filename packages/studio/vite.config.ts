// The studio as static files that work under any path: every address in them is relative. Its worker is a module of its own, which page and
// server have to send from the same origin.

import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin } from 'vite';
import { licensesFile, licensesOf, ownLicense } from '../../tools/licenses.mjs';

const resolve = { dedupe: ['preact'] }; // the signals are another package, and hook into the Preact that they find
const script = fileURLToPath(new URL('src/page/main.tsx', import.meta.url));

/** The modules of every bundle: the page's, the workers', and that of the page to take away. */
const bundled = new Set<string>();

const collectBundled = (): Plugin => ({
  name: 'collect-bundled',
  generateBundle(_, files) {
    for (const file of Object.values(files))
      if (file.type === 'chunk') for (const id of file.moduleIds) bundled.add(id);
  },
});

/** Writes the licenses of what is bundled. Workers are bundled before the page that starts them. */
const writeLicenses = (): Plugin => ({
  name: 'write-licenses',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: licensesFile, source: licensesOf([...bundled]) });
  },
});

/**
 * `virtual:answer-page`: the script, the style and the licenses of a page that is taken away, as texts. It has to be one script, which a page can have
 * inside of itself.
 */
function answerPage(): Plugin {
  const id = 'virtual:answer-page';
  return {
    name: 'answer-page',
    resolveId: (asked) => (asked === id ? `\0${id}` : null),
    async load(asked) {
      if (asked !== `\0${id}`) return null;
      const built = await build({
        configFile: false,
        root: fileURLToPath(new URL('.', import.meta.url)), // whose Preact it is
        logLevel: 'warn',
        resolve,
        plugins: [collectBundled()],
        build: {
          target: 'es2022',
          write: false,
          assetsInlineLimit: 0, // it brings the kernels itself, and not all four builds
          modulePreload: false,
          cssCodeSplit: false,
          rolldownOptions: {
            input: script,
            output: { format: 'iife', codeSplitting: false },
            checks: { bundlerTimings: false },
            transform: { define: { 'import.meta': '{}' } }, // a script inside of a page has no address
          },
        },
      });
      const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []));
      const code = outputs.find((one) => one.type === 'chunk' && one.isEntry);
      const css = outputs.find(({ fileName }) => fileName.endsWith('.css'));
      if (code?.type !== 'chunk' || css?.type !== 'asset')
        throw new Error('the page to take away has no script or no style');
      const texts = {
        script: code.code,
        style: String(css.source),
        licenses: [ownLicense(), licensesOf(code.moduleIds)].join('\n\n'),
      };
      return Object.entries(texts)
        .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};`)
        .join('\n');
    },
  };
}

export default defineConfig({
  base: './',
  resolve,
  plugins: [collectBundled(), writeLicenses()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: addresses are not in the page's policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: {
    format: 'es',
    plugins: () => [answerPage(), collectBundled()],
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
