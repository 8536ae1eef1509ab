export { isPipe, namedFile, readNamed } from './named.ts';
export {
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
