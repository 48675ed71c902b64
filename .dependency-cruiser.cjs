/** Who may know whom (docs/architecture.md). Every rule is an error and has no exemption list. */
const room = (name) => `^${name}/`;

/** `from` may import only the rooms in `to` (and packages). */
const onlyKnows = (from, to) => ({
  name: `${from}-knows-only-${to.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: room(from), pathNot: '\\.test\\.ts$' },
  to: {
    path: '^(domain|config|sandbox|paper|scanner-agent|sync-server|sealing|kiosk|ui|tests|bench|scripts)/',
    pathNot: `^(${[from, ...to].join('|')})/`,
  },
});

/** The rooms of `domain`: each may import those above it alone. A new room takes its place here before it may be used. */
const domainRooms = [
  'limits',
  'primitives',
  'canonical-json',
  'errors',
  'text',
  'accounts', // below the catalogue: a programme names the ways to sign in, a kind the assurance that it needs
  'catalogue',
  'fields',
  'reading',
  'verdict',
  'record',
  'batch',
  'archive',
  'registers',
  'credentials',
  'cases',
  'sync',
  'contracts',
];
/** A room is a folder, or a file that stands alone. */
const domainRoom = (rooms) => `^domain/(${rooms.join('|')})(/|\\.ts$)`;

const domainLooksUp = domainRooms.slice(0, -1).map((name, index) => ({
  name: `domain-${name}-knows-only-what-stands-above-it`,
  severity: 'error',
  from: { path: domainRoom([name]), pathNot: '\\.test\\.ts$' },
  to: { path: domainRoom(domainRooms.slice(index + 1)) },
}));

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    onlyKnows('domain', []),
    ...domainLooksUp,
    {
      name: 'every-room-of-the-domain-has-its-place',
      severity: 'error',
      from: {},
      to: { path: '^domain/', pathNot: [domainRoom(domainRooms), '\\.test\\.ts$'] },
    },
    onlyKnows('sandbox', []),
    onlyKnows('sealing', ['domain', 'sandbox']),
    onlyKnows('config', ['domain']),
    onlyKnows('paper', ['domain', 'sandbox']),
    onlyKnows('ui', ['domain']),
    onlyKnows('kiosk', ['ui', 'domain']),
    onlyKnows('scanner-agent', ['domain', 'config', 'paper', 'sealing']),
    onlyKnows('sync-server', ['domain', 'config', 'paper', 'sealing', 'ui']),
    {
      name: 'domain-uses-zod-alone',
      severity: 'error',
      from: { path: '^domain/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'pages-stay-in-the-browser',
      severity: 'error',
      from: { path: '^(ui|kiosk/app|sync-server/consoles)/', pathNot: '\\.(test|config)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-and-its-consoles-share-the-domain-only',
      severity: 'error',
      from: { path: '^sync-server/(?!consoles/)' },
      to: { path: '^(sync-server/consoles|ui)/' },
    },
    {
      name: 'consoles-do-not-reach-into-the-server',
      severity: 'error',
      from: { path: '^sync-server/consoles/', pathNot: '\\.config\\.ts$' },
      to: { path: '^sync-server/(?!consoles/)' },
    },
    {
      name: 'ports-are-below',
      severity: 'error',
      from: { path: '^(paper|scanner-agent|sync-server)/ports/' },
      to: { path: '^(paper|scanner-agent|sync-server)/(?!ports/)' },
    },
    {
      name: 'services-know-ports-not-drivers',
      severity: 'error',
      from: { path: '^(scanner-agent|sync-server)/services/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(paper|scanner-agent|sync-server)/(devices|imaging|ocr|store|sync|api|transport|blobs|integrations)/',
      },
    },
    {
      name: 'products-do-not-know-their-tests',
      severity: 'error',
      from: {
        path: '^(domain|config|sandbox|paper|scanner-agent|sync-server|sealing|kiosk|ui)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^(tests|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-electron)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
