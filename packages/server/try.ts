import { listen } from '@unrolled/server/node';
const runs = '/tmp/w/http/test/fixtures/runs/';
const s = await listen({ port: 18471, runs: ['text-lstm','classify','tag-forwards','translate-attention','caption-soft','vqa-map','video-frame','forecast'].map(n=>runs+n), log: (e) => console.log(JSON.stringify(e)) });
console.log(s.url);
