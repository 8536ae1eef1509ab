export {
  checkLinks,
  folderOf,
  forgetFound,
  isFolderGiven,
  noteFound,
  readGiven,
  startOfGiven,
  statGiven,
} from './given.ts';
export { sha256Of } from './hash.ts';
export { MissingError } from './missing.ts';
export { forgetPipes, namedFile, readNamed } from './named.ts';
export {
  checkReplaced,
  mostBytes,
  type OpenFile,
  type Opening,
  openForWriting,
  openPlain,
  readPlain,
  readStart,
  RefusedFile,
  type Refusal,
  wayFrom,
} from './plain.ts';
