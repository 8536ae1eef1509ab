// The API reference, from the doc comments: TypeDoc reads the packages' doors, and each family of exports gets a Markdown page in build/api.
// What TypeDoc cannot place (a link to nothing, an export without a comment) is a problem, and no page is written.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application, Logger } from 'typedoc';
import { doors } from '../../doors.mjs';
import { root } from '../../setup.mjs';
import { apiIndex, familyOf, pages } from './pages.mjs';
import { anchorOf, renderPage } from './render.mjs';

const source = (path) => join(root, 'packages', path);
/** Every door, by the name of its page. The main one comes last: what it shares with another door is documented at the other. */
const entries = [
  ...[...doors, 'inline'].map((door) => [door, source(`unrolled/src/${door}/index.ts`)]),
  ['convert', source('convert/src/index.ts')],
  ['server', source('server/src/index.ts')],
  ['server-node', source('server/src/node.ts')],
  ['main', source('unrolled/src/index.ts')],
];

/** Where the pages are written to, and read by the site. */
export const apiFolder = join(root, 'build', 'api');

/** Writes the pages, and returns what is wrong. */
export async function writeApi(out = apiFolder, from = entries, tsconfig = join(root, 'tools/site/tsconfig.json')) {
  const app = await Application.bootstrap({
    entryPoints: from.map(([, file]) => file),
    tsconfig,
    skipErrorChecking: true, // npm run check does, with the compiler of the project
    disableGit: true,
    sourceLinkTemplate: '{path}',
    excludePrivate: true,
    excludeInternal: true,
    readme: 'none',
    name: 'API',
    validation: { notDocumented: false, notExported: false, invalidLink: true, invalidPath: false },
    sort: ['alphabetical'],
  });
  const problems = new Problems();
  app.logger = problems;
  const project = await app.convert();
  if (project === undefined) return ['TypeDoc found nothing to read', ...problems.all];
  app.validate(project);
  const families = byFamily(project, from);
  const strange = [...families.keys()].filter((name) => !pages.has(name));
  problems.all.push(...strange.map((name) => `${name} has no line in tools/site/api/pages.mjs`));
  problems.all.push(
    ...[...families].flatMap(([page, exports]) =>
      exports.filter(isSilent).map(({ name }) => `${name} (${page}) has no doc comment`),
    ),
  );
  if (problems.all.length > 0) return problems.all;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const place = placesOf(families);
  for (const [name, exports] of families) {
    const link = (wanted) => {
      const found = place.get(wanted);
      return found && `${found.page === name ? '' : `${found.page}.md`}#${found.anchor}`;
    };
    writeFileSync(join(out, `${name}.md`), renderPage(pages.get(name), exports, link));
  }
  writeFileSync(join(out, 'index.md'), apiIndex(families));
  return [];
}

const isSilent = ({ comment, signatures }) =>
  [{ comment }, ...(signatures ?? [])].every((one) => (one.comment?.summary.length ?? 0) === 0);

class Problems extends Logger {
  all = [];
  log(text, level) {
    if (level >= 2) this.all.push(text);
  }
  addContext(text) {
    return text;
  }
}

/** The exports of each page, by name. */
function byFamily(project, from) {
  const families = new Map([...pages.keys()].map((name) => [name, []]));
  const add = (family, one) => families.set(family, [...(families.get(family) ?? []), one]);
  for (const module of project.children ?? []) {
    const [door] = from.find(([, path]) => path === module.sources?.[0]?.fullFileName) ?? [module.name];
    for (const one of module.children ?? []) {
      const family = door === 'main' ? familyOf(one.name, one.sources?.[0]?.fullFileName ?? '') : door;
      if (one.isReference?.()) continue;
      if (one.name === 'init' && door === 'main') for (const child of one.children) add('init', child);
      else add(family, one);
    }
  }
  for (const [name, exports] of families) {
    if (exports.length === 0) families.delete(name);
    exports.sort((a, b) => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' }));
  }
  return families;
}

/** The page and the anchor of every export. Names that differ in capitals only share a heading's words: the second gets a number, as on the page. */
function placesOf(families) {
  const place = new Map();
  for (const [page, exports] of families) {
    const used = new Map();
    for (const { name } of exports) {
      const anchor = anchorOf(name);
      const times = used.get(anchor) ?? 0;
      used.set(anchor, times + 1);
      if (!place.has(name)) place.set(name, { page, anchor: times > 0 ? `${anchor}-${times}` : anchor });
    }
  }
  return place;
}
