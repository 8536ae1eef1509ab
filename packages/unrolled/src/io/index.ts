export { type KerasActivation, KerasGRUCell, KerasLSTMCell, KerasRNNCell } from '../nn/recurrent/keras-cells.ts';
export { matchNames } from '../nn/match-names.ts';
export {
  fromKerasDense,
  fromKerasEmbedding,
  fromKerasGRU,
  fromKerasLSTM,
  fromKerasSimpleRNN,
  type KerasArray,
  type KerasGRUOptions,
  type KerasLSTMOptions,
  type KerasWeights,
} from './keras-layers.ts';
export { type NpyArray, readNpy } from './npy.ts';
export {
  readSafetensors,
  type SafetensorsArray,
  type SafetensorsDtype,
  type SafetensorsFile,
  type StoredTensor,
  type TensorData,
  writeSafetensors,
} from './safetensors.ts';
export { readSafetensorsStream, type SafetensorsStream } from './safetensors-stream.ts';
export { stateDictOf } from './state-dict.ts';
export { crc32, inflate, openZip, type ZipArchive, type ZipOptions } from './zip.ts';
export { averageStateDicts } from './average.ts';
