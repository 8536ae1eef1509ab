// Every link of the built site leads somewhere: to a file of it, and to an anchor of that page; and nothing is loaded from another host.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const attribute = /<(?<tag>[a-z][\w-]*)\b(?<all>(?:\s+[^\s=>"]+(?:="[^"]*")?)*)\s*\/?>/g;
const within = (all, name) => new RegExp(`\\s${name}="([^"]*)"`).exec(all)?.[1]?.replace(/&amp;/g, '&');

/** The files of a folder, as paths with slashes. */
export const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replace(/\\/g, '/'),
    );

/** What a page links to and loads, and the anchors it has. Code that it shows is text, and has no tags. */
export function readPage(html) {
  const [links, loads, anchors] = [[], [], new Set()];
  for (const { groups } of html.matchAll(attribute)) {
    const [href, src, id] = ['href', 'src', 'id'].map((name) => within(groups.all, name));
    if (id !== undefined) anchors.add(id);
    if (href !== undefined) (groups.tag === 'link' ? loads : links).push(href);
    if (src !== undefined) loads.push(src);
  }
  return { links, loads, anchors };
}

/** What is wrong with the site in `folder`, which is served below `base`. */
export function checkLinks(folder, base) {
  const files = filesOf(folder);
  const pages = new Map(
    files
      .filter((file) => file.endsWith('.html'))
      .map((file) => [file, readPage(readFileSync(join(folder, file), 'utf8'))]),
  );
  const problems = [];
  for (const [file, { links, loads }] of pages) {
    for (const href of links) problems.push(...wrongLink(file, href, { folder, base, pages }));
    for (const src of loads) {
      if (/^(https?:)?\/\//.test(src)) problems.push(`${file}: loads ${src} from another host`);
      else problems.push(...wrongLink(file, src, { folder, base, pages }));
    }
  }
  for (const file of files.filter((one) => one.endsWith('.css')))
    if (/url\(\s*['"]?(https?:)?\/\//.test(readFileSync(join(folder, file), 'utf8')))
      problems.push(`${file}: loads from another host`);
  return [...new Set(problems)];
}

function wrongLink(file, href, { folder, base, pages }) {
  if (/^(mailto|data):/.test(href)) return [];
  if (/^https?:\/\//.test(href)) return URL.canParse(href) ? [] : [`${file}: ${href} is no address`];
  const url = new URL(href, `http://site${base}${file}`);
  if (!url.pathname.startsWith(base)) return [`${file}: ${href} leads out of ${base}`];
  const path = decodeURIComponent(url.pathname.slice(base.length));
  const target = [path, `${path}.html`, `${path}${path === '' || path.endsWith('/') ? '' : '/'}index.html`].find(
    (one) => existsSync(join(folder, one)) && statSync(join(folder, one)).isFile(),
  );
  if (target === undefined) return [`${file}: ${href} leads to nothing`];
  const anchor = decodeURIComponent(url.hash.slice(1));
  return anchor !== '' && pages.has(target) && !pages.get(target).anchors.has(anchor)
    ? [`${file}: ${target} has no #${anchor}`]
    : [];
}

/** Files that name the folder the site was built in. */
export const naming = (folder, path) =>
  filesOf(folder)
    .filter((file) => readFileSync(join(folder, file), 'latin1').includes(path))
    .map((file) => `${file} names ${path}`);
