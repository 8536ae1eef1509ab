// `createServer`: a Web-standard handler. What listens in Node is `@unrolled/server/node`.

export {
  type CallOptions,
  type EmbedRequest,
  type EmbedResult,
  type Engine,
  EngineError,
  type EngineModel,
  type EngineProblem,
  type EngineStats,
  type GeneratePiece,
  type GenerateRequest,
  type TaskRequest,
  type TaskResult,
} from './engine/engine.ts';
export { createEngine, type EngineOptions } from './engine/create-engine.ts';
export type { EngineLimits } from './engine/limits.ts';
export type { Connection } from './http/exchange.ts';
export type { Log, LogEntry } from './http/log.ts';
export type { ServerLimits } from './limits.ts';
export type { ServerOptions } from './options.ts';
export type { ChatFormat } from './routes/route.ts';
export type { StaticFiles } from './routes/static-files.ts';
export { createServer, type Server } from './server.ts';
