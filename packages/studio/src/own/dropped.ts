// Files of a drop, folders included, with their paths.

import type { NamedFile } from './given.ts';

const most = 10_000;

/** Must be called within the event: afterwards its entries are gone. */
export async function droppedFiles({ items, files }: DataTransfer): Promise<NamedFile[]> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Array.from(files, (file) => ({ path: file.name, file }));
  const found: NamedFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: NamedFile[]): Promise<void> {
  if (found.length >= most) return;
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed)); // 100 at a time
    if (some.length === 0) return;
    for (const one of some) await walk(one, found);
  }
}
