// What a server or a script does: no address of the kernels is given.
import { train } from './train.js';

console.log(JSON.stringify(await train()));
