import { MongoClient, type Collection } from 'mongodb';
import type { AllowanceDocument } from './allowance-document.js';
import type { CutoutDocument } from './cutout-document.js';
import type * as config from './config-documents.js';
import type * as doc from './documents.js';
import type { EventDocument, NoticeDocument, SkyMapDocument } from './event-documents.js';
import type { RunDocument, RunObjectDocument } from './run-documents.js';
import { requireTransactions } from './deployment.js';
import { GroupCommit } from './group-commit.js';
import { GroupRead } from './group-read.js';
import { KnownDatapoints } from './known-datapoints.js';

/** The collections of one AMPEL data base. Each is documented by its type in `documents.ts`. */
export interface Store {
  readonly datapoints: Collection<doc.DatapointDocument>;
  readonly alerts: Collection<doc.AlertDocument>;
  readonly stocks: Collection<doc.StockDocument>;
  readonly cutouts: Collection<CutoutDocument>;
  readonly states: Collection<doc.StateDocument>;
  readonly results: Collection<doc.ResultDocument>;
  readonly reactions: Collection<doc.ReactionDocument>;
  readonly allowances: Collection<AllowanceDocument>;
  readonly runs: Collection<RunDocument>;
  readonly runObjects: Collection<RunObjectDocument>;
  readonly journal: Collection<doc.JournalDocument>;
  readonly receipts: Collection<doc.ReceiptDocument>;
  readonly receiptFilters: Collection<doc.ReceiptFilterDocument>;
  readonly screenings: Collection<doc.ScreeningDocument>;
  readonly acceptances: Collection<doc.AcceptanceDocument>;
  readonly files: Collection<config.FileDocument>;
  readonly configs: Collection<config.ConfigDocument>;
  readonly channels: Collection<config.ChannelDocument>;
  readonly streams: Collection<doc.StreamDocument>;
  readonly positions: Collection<doc.PositionDocument>;
  readonly deadlines: Collection<doc.DeadlineDocument>;
  readonly units: Collection<config.UnitDocument>;
  readonly deadletters: Collection<doc.DeadLetterDocument>;
  readonly notices: Collection<NoticeDocument>;
  readonly events: Collection<EventDocument>;
  readonly skyMaps: Collection<SkyMapDocument>;
  /** Shared round trips for what every decision reads and writes. */
  readonly grouped: {
    readonly datapoints: KnownDatapoints;
    /** Alerts by `_id`. */
    readonly alerts: GroupRead<doc.AlertDocument>;
    /** Alerts by object, without the candidate. */
    readonly alertLists: GroupRead<doc.AlertDocument>;
    readonly stocks: GroupRead<doc.StockDocument>;
    readonly states: GroupRead<doc.StateDocument>;
    /** Without what the unit gave. */
    readonly resultHeads: GroupRead<doc.ResultDocument>;
    readonly writeAlerts: GroupCommit<doc.AlertDocument>;
    readonly writeStocks: GroupCommit<doc.StockDocument>;
    readonly writeStates: GroupCommit<doc.StateDocument>;
    readonly writeResults: GroupCommit<doc.ResultDocument>;
    readonly writeReactions: GroupCommit<doc.ReactionDocument>;
    readonly writeJournal: GroupCommit<doc.JournalDocument>;
    readonly writeDeadlines: GroupCommit<doc.DeadlineDocument>;
  };
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly uri: string;
  /** Name of the data base; default `ampel`. */
  readonly database?: string;
  /** How long an operation waits for a server before it fails; default 10 s. */
  readonly serverSelectionTimeoutMs?: number;
}

/** Connects and makes the indexes that are missing. Throws MongoDB's error where no server answers, `UnfitDeployment` where it is of no use. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const client = new MongoClient(options.uri, {
    serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? 10_000,
    // A write counts when it has reached the disk: a killed server must not lose what was acknowledged.
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
  try {
    await client.connect();
    requireTransactions(await client.db('admin').command({ hello: 1 }));
    const store = collectionsOf(client, options.database ?? 'ampel');
    await makeIndexes(store);
    return store;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/**
 * A decision begins with these reads. Those that begin together share every round trip until they end, which halves what
 * the data base costs; nobody misses the time in a decision on an alert that is minutes old.
 */
const GATHER_MS = 100;

function collectionsOf(client: MongoClient, database: string): Store {
  const db = client.db(database);
  const datapoints = db.collection<doc.DatapointDocument>('datapoints');
  const alerts = db.collection<doc.AlertDocument>('alerts');
  const stocks = db.collection<doc.StockDocument>('stocks');
  const states = db.collection<doc.StateDocument>('states');
  const results = db.collection<doc.ResultDocument>('results');
  const reactions = db.collection<doc.ReactionDocument>('reactions');
  const journal = db.collection<doc.JournalDocument>('journal');
  const deadlines = db.collection<doc.DeadlineDocument>('deadlines');
  return {
    ...{ datapoints, alerts, stocks, states, results, reactions, journal, deadlines },
    allowances: db.collection('allowances'),
    cutouts: db.collection('cutouts'),
    runs: db.collection('runs'),
    runObjects: db.collection('runObjects'),
    receipts: db.collection('receipts'),
    receiptFilters: db.collection('receiptFilters'),
    screenings: db.collection('screenings'),
    acceptances: db.collection('acceptances'),
    files: db.collection('files'),
    configs: db.collection('configs'),
    channels: db.collection('channels'),
    streams: db.collection('streams'),
    positions: db.collection('positions'),
    units: db.collection('units'),
    deadletters: db.collection('deadletters'),
    notices: db.collection('notices'),
    events: db.collection('events'),
    skyMaps: db.collection('skyMaps'),
    grouped: {
      datapoints: new KnownDatapoints(new GroupRead(datapoints, '_id', { without: ['objects', 'channels'] })),
      alerts: new GroupRead(alerts, '_id', { gatherMs: GATHER_MS }),
      alertLists: new GroupRead(alerts, 'objectId', { without: ['candidate'], gatherMs: GATHER_MS }),
      stocks: new GroupRead(stocks, '_id', { gatherMs: GATHER_MS }),
      states: new GroupRead(states, '_id'),
      resultHeads: new GroupRead(results, '_id', { without: ['body', 'trace'] }),
      writeAlerts: new GroupCommit(alerts),
      writeStocks: new GroupCommit(stocks),
      writeStates: new GroupCommit(states),
      writeResults: new GroupCommit(results),
      writeReactions: new GroupCommit(reactions),
      writeJournal: new GroupCommit(journal),
      writeDeadlines: new GroupCommit(deadlines),
    },
    close: () => client.close(),
  };
}

async function makeIndexes(store: Store): Promise<void> {
  await Promise.all([
    store.datapoints.createIndex({ objects: 1 }),
    store.alerts.createIndex({ objectId: 1 }),
    store.allowances.createIndex({ expires: 1 }, { expireAfterSeconds: 0 }, {}),
    store.alerts.createIndex(
      { stream: 1 },
      { partialFilterExpression: { pending: true }, name: 'pending_by_stream' },
      {},
    ),
    store.stocks.createIndex({ names: 1 }),
    store.cutouts.createIndex({ stock: 1, jd: -1 }),
    store.cutouts.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 }, {}),
    store.stocks.createIndex({ followedAt: 1 }, { sparse: true }, {}),
    store.stocks.createIndex({ healpix: 1 }),
    store.stocks.createIndex({ geo: '2dsphere' }),
    store.states.createIndex({ stock: 1 }),
    // Periodic runs go through a channel's objects from the newest back.
    store.states.createIndex({ channels: 1, jd: -1 }),
    store.runs.createIndex({ channel: 1, rule: 1, dueJd: -1 }),
    store.runObjects.createIndex({ run: 1, place: 1 }),
    store.runObjects.createIndex({ channel: 1, rule: 1, stock: 1, dueJd: -1 }),
    store.results.createIndex({ stock: 1, link: 1 }),
    store.results.createIndex({ unit: 1, code: 1 }),
    store.reactions.createIndex({ stock: 1 }),
    store.reactions.createIndex({ state: 1, at: 1 }),
    store.journal.createIndex({ stock: 1, sequence: 1 }),
    store.receipts.createIndex({ stream: 1, partition: 1, from: 1 }),
    ...[store.receipts, store.receiptFilters, store.screenings].map((kept) =>
      kept.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 }, {}),
    ),
    store.receiptFilters.createIndex({ size: 1 }),
    store.screenings.createIndex({ receipt: 1 }),
    store.screenings.createIndex({ channel: 1 }),
    store.positions.createIndex({ stream: 1 }),
    store.notices.createIndex({ event: 1 }),
    store.events.createIndex({ 'event.eventTime.jd': 1 }),
    store.acceptances.createIndex({ channel: 1, epoch: 1 }),
    store.channels.createIndex({ streams: 1, state: 1 }),
    store.deadlines.createIndex({ stream: 1, dueJd: 1 }),
    store.deadletters.createIndex({ stream: 1, partition: 1, offset: 1 }),
  ]);
}
