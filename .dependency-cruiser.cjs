/** Imports point one way: what a folder may import of ours, besides itself. */
const mayImport = {
  model: [],
  units: ['model'],
  streams: ['model'],
  store: ['model'],
  channels: ['model', 'units'],
  activities: ['model', 'units', 'streams', 'store', 'channels'],
  workflows: ['model', 'activities'],
  servers: ['model'],
  worker: ['model', 'units', 'streams', 'store', 'channels', 'activities', 'workflows', 'servers'],
  cli: ['model', 'units', 'streams', 'store', 'channels', 'activities', 'workflows', 'servers', 'worker', 'bench'],
};

const folders = [...Object.keys(mayImport), 'bench', 'test'];
const TEST_CODE = '(^test/|\\.test\\.ts$)';
const TEST_FILE = '\\.test\\.ts$';
/** Folders of streams/ that any survey may use: transports and formats. */
const SHARED_BY_SURVEYS = 'avro|archive|kafka';

const oneWay = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${folder}/ may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TEST_FILE },
  to: { path: `^(${folders.join('|')})/`, pathNot: `^(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...oneWay,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'tests-stay-apart',
      comment: 'Only tests import tests and what tests share.',
      severity: 'error',
      from: { pathNot: TEST_CODE },
      to: { path: TEST_CODE },
    },
    {
      name: 'surveys-stay-apart',
      comment: 'A survey is one folder: no other survey and no transport knows it. Simulated alerts are ZTF alerts.',
      severity: 'error',
      from: { path: '^streams/([^/]+)/', pathNot: TEST_FILE },
      to: {
        path: '^streams/[^/]+/',
        pathNot: ['^streams/$1/', `^streams/(${SHARED_BY_SURVEYS})/`, '^streams/$1_ztf/'],
      },
    },
    {
      name: 'workflows-know-activity-types-only',
      severity: 'error',
      from: { path: '^workflows/', pathNot: TEST_FILE },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
