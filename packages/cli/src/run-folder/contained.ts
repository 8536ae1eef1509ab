// The file system of one run: below its folder no link is followed, and only ordinary files are touched.
// A run from an untrusted source can so change and reveal nothing outside of itself.

import fs from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { openForWriting, openPlain, readPlain, RefusedFile, wayFrom } from '../files/index.ts';
import { RunFolderError } from './error.ts';
import { type FileLayer, nodeFiles } from './files.ts';

/** Root of the run: links above it, and at its place if the user named one, are followed once. */
export function realPlace(path: string): string {
  const whole = resolve(path);
  const real = (name: string): string => {
    try {
      return fs.realpathSync(name);
    } catch {
      return dirname(name) === name ? name : join(real(dirname(name)), basename(name));
    }
  };
  return real(whole) === whole ? path : real(whole);
}

/** `nodeFiles`, where nothing below `root` leads out of it. Above `root`, links lead where the user wants. */
export function filesBelow(root: string): FileLayer {
  /** Throws where a folder between `root` and `path` is a link. */
  const checked = (path: string): string => {
    const names = wayFrom(root, dirname(path))?.split(sep).filter(Boolean) ?? [];
    let at = root;
    for (const name of names) {
      at = join(at, name);
      if (fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) throw link(at);
    }
    return path;
  };
  const below = (path: string) => (wayFrom(root, path) === null ? null : root);
  return {
    ...nodeFiles,
    open: (path, flags) => {
      checked(path);
      if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return nodeFiles.open(path, flags); // to sync it
      if (flags !== 'r') return typed(path, () => openForWriting(path, flags as 'r+'));
      return typed(path, () => openPlain(path, { below: below(path), limit: Infinity }).fd);
    },
    rename: (from, to) => nodeFiles.rename(checked(from), checked(to)),
    link: (existing, path) => nodeFiles.link(checked(existing), checked(path)),
    unlink: (path) => nodeFiles.unlink(checked(path)),
    mkdir: (path) => nodeFiles.mkdir(checked(path)),
    rmdir: (path) => nodeFiles.rmdir(checked(path)),
    readdir: (path) => {
      checked(join(path, 'entry'));
      return nodeFiles.readdir(path);
    },
    stat: (path) => nodeFiles.stat(checked(path)),
    read: (path) => typed(path, () => readPlain(checked(path), { below: below(path), limit: Infinity })),
  };
}

function typed<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RefusedFile)) throw error;
    throw new RunFolderError(error.refusal === 'missing' ? 'run-missing' : 'run-corrupt', path, error.problem);
  }
}

function link(path: string): RunFolderError {
  return new RunFolderError('run-corrupt', path, 'is a link; nothing in a run folder may lead out of it');
}
