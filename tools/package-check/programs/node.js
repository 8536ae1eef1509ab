// What a server or a script does: nothing is said about where the kernels are.
import { train } from './train.js';

console.log(JSON.stringify(await train()));
