const workloads: Readonly<Record<string, () => Promise<(report: (line: string) => void) => Promise<object>>>> = {
  screen: async () => (await import('./screen.js')).screen,
  channels: async () => (await import('./channels.js')).channels,
  expression: async () => (await import('./expression.js')).expression,
  t2: async () => (await import('./t2.js')).t2,
  state: async () => (await import('./state.js')).state,
  plot: async () => (await import('./plot.js')).plot,
  receipts: async () => (await import('./receipts.js')).receipts,
  kafka: async () => (await import('./kafka.js')).kafka,
  burst: async () => (await import('./burst.js')).burst,
  memory: async () => (await import('./memory.js')).memory,
  night: async () => (await import('./night.js')).night,
  durable: async () => (await import('./durable.js')).durable,
};

const [name = ''] = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const load = workloads[name];
if (load === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(workloads).join(' | ')} [--json]`);
  process.exit(2);
}
const run = await load();
const result = await run((line) => {
  console.error(line);
});
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
