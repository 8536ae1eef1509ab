export {
  readSafetensors,
  type SafetensorsArray,
  type SafetensorsDtype,
  type SafetensorsFile,
  type StoredTensor,
  type TensorData,
  writeSafetensors,
} from './safetensors.ts';
