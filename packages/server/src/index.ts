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
