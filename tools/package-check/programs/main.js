// What a bundler for CommonJS takes: no await at the top.
import { train } from './train.js';

void train().then((result) => console.log(JSON.stringify(result)));
