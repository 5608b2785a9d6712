/** Imports point one way: what a folder may import of ours, besides itself. */
const mayImport = {
  model: [],
  plots: ['model'],
  units: ['model', 'plots'],
  streams: ['model'],
  store: ['model'],
  channels: ['model', 'units'],
  workflows: ['model'],
  // Activities start and signal workflows: their messages and search attributes are the workflows' own.
  activities: ['model', 'plots', 'units', 'streams', 'store', 'channels', 'workflows'],
  servers: ['model'],
  worker: ['model', 'units', 'streams', 'store', 'channels', 'activities', 'workflows', 'servers'],
  cli: [
    'model',
    'plots',
    'units',
    'streams',
    'store',
    'channels',
    'activities',
    'workflows',
    'servers',
    'worker',
    'bench',
  ],
};

/** Parts of model/ that use Node, WebAssembly or a large library: the workflow sandbox has neither, and shall not have the last. */
const NOT_FOR_WORKFLOWS = '^model/(content-hash|state-link|twilight)\\.ts$';

/** Folders of streams/ that every survey may use: formats and transports. */
const SHARED_BY_SURVEYS = '^streams/(avro|archive|kafka)/';

const FOLDERS = [...Object.keys(mayImport), 'bench', 'test'];
const TEST_FILE = '\\.test\\.ts$';
const TEST_CODE = `^test/|${TEST_FILE}`;

const oneWay = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `${folder}/ may import ${allowed.join(', ') || 'nothing'} of our folders. (Its tests may import any.)`,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: TEST_FILE },
  to: { path: `^(${FOLDERS.join('|')})/`, pathNot: `^(${[folder, ...allowed].join('|')})/` },
}));

const workflows = [
  {
    name: 'workflows-have-no-platform',
    comment: 'The sandbox has @temporalio/workflow and @temporalio/common, nothing else: the rest is for activities.',
    severity: 'error',
    from: { path: '^workflows/', pathNot: TEST_FILE },
    to: { path: '^(?!(workflows|model)/|node_modules/@temporalio/(workflow|common)/)' },
  },
  {
    name: 'workflows-use-pure-model',
    comment: 'This part of model/ uses Node or WebAssembly: call it in an activity.',
    severity: 'error',
    from: { path: '^workflows/', pathNot: TEST_FILE },
    to: { path: NOT_FOR_WORKFLOWS, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'model-is-pure',
    comment: 'model/ imports nothing, so that workflows can use it. If that must be, see NOT_FOR_WORKFLOWS.',
    severity: 'error',
    from: { path: '^model/', pathNot: [TEST_FILE, NOT_FOR_WORKFLOWS] },
    to: { path: '^(?!model/)', reachable: true },
  },
];

const surveys = [
  {
    name: 'surveys-stay-apart',
    comment: 'A survey is one folder: no other survey and no transport knows it.',
    severity: 'error',
    from: { path: '^streams/([^/]+)/', pathNot: [TEST_FILE, '^streams/simulation/'] },
    to: { path: '^streams/[^/]+/', pathNot: ['^streams/$1/', SHARED_BY_SURVEYS] },
  },
  {
    name: 'simulation-makes-ztf-alerts',
    severity: 'error',
    from: { path: '^streams/simulation/', pathNot: TEST_FILE },
    to: { path: '^streams/[^/]+/', pathNot: ['^streams/(simulation|ztf)/', SHARED_BY_SURVEYS] },
  },
];

module.exports = {
  forbidden: [
    ...oneWay,
    ...workflows,
    ...surveys,
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
      name: 'units-know-no-servers',
      comment: 'A unit is testable with one alert and no server; the clients of a T3 unit are handed in.',
      severity: 'error',
      from: { path: '^units/' },
      to: { path: '^node_modules/(mongodb|@temporalio)/' },
    },
    {
      name: 'no-dev-dependencies',
      comment: 'An installation without devDependencies must run.',
      severity: 'error',
      from: { pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'declared',
      comment: 'A package that package.json does not name may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
