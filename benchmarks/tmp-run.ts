import { multi30k } from './bars/tmp-m30k.ts';
console.log(JSON.stringify(await multi30k({ backend: 'native' }), null, 1));
