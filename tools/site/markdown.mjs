// The Markdown as it lies in the repository, for the site. A link to a page of the site leads there; one to anything else of the repository leads to
// where the repository is published, and is plain text where that is not known. A link to what is not there is a problem of the build.

import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from '../setup.mjs';
import { pageOf } from './navigation.mjs';

/** Where the project is published, as the workflow says; a clone does not know. */
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
const published = server && name ? `${server}/${name}` : undefined;

/** What a link in `file` leads to: a page of the site (`/cells.md#lru`), an address, null for neither, or a problem. */
export function leadsTo(file, href, repository = published) {
  if (/^[a-z]+:|^#|^\/\//i.test(href)) return { href };
  const [, path, anchor] = /^([^#?]*)(.*)$/.exec(href);
  const target = resolve(dirname(file), decodeURIComponent(path));
  const inside = relative(root, target).replace(/\\/g, '/');
  if (inside.startsWith('..') || !existsSync(target))
    return { href: null, problem: `${relative(root, file)}: there is no ${href}` };
  const page = pageOf(inside);
  if (page) return { href: `/${page}${anchor}` };
  const kind = statSync(target).isDirectory() ? 'tree' : 'blob';
  return { href: repository ? `${repository}/${kind}/HEAD/${inside}${anchor}` : null };
}

/** A plugin of markdown-it. `problem` is told of links that lead nowhere. */
export function repositoryLinks(md, problem) {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const file = env.realPath ?? env.path;
    for (const { children } of tokens) if (children) relink(children, file ?? join(root, 'docs/index.md'), problem);
  });
}

function relink(tokens, file, problem) {
  const open = [];
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const found = leadsTo(file, token.attrGet('href') ?? '');
      if (found.problem) problem(found.problem);
      if (found.href === null) Object.assign(token, { type: 'text', tag: '', content: '', attrs: null, nesting: 0 });
      else token.attrSet('href', found.href);
      open.push(found.href);
    } else if (token.type === 'link_close' && open.pop() === null) {
      Object.assign(token, { type: 'text', tag: '', content: '', nesting: 0 });
    }
  }
}

/** A plugin of markdown-it: a column without a heading has none, rather than one that reads as nothing. */
export function emptyHeaders(md) {
  md.core.ruler.push('empty-headers', ({ tokens }) => {
    for (const [i, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[i + 1].content !== '') continue;
      token.tag = 'td';
      tokens[i + 2].tag = 'td';
    }
  });
}
