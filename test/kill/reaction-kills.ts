import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { ChildProcess } from 'node:child_process';
import { workflowId } from '../../model/workflow-names.js';
import type { ReactionDocument } from '../../store/documents.js';
import { startBroker, type RunningBroker } from '../e2e/running-broker.js';
import { eventually } from '../kafka/eventually.js';
import { CANDIDATE, LIMIT, ztfContainer } from '../ztf-packet.js';
import { startReceivers, type Told } from './told-receivers.js';

/** What came of one reaction whose worker was killed. */
export interface KilledReaction {
  readonly step: Step;
  readonly unit: string;
  /** How often the receiver has acted. */
  readonly acted: number;
  /** When the worker was killed. */
  readonly stateAtKill: string;
  /** In the end. */
  readonly state: string;
  /** The receiver can keep its answer back. */
  readonly isHeld: boolean;
  /** What a doubt comes to. */
  readonly afterDoubt: string;
  /** By `ampel reactions list --state unknown`. */
  readonly isListed: boolean;
}

/** Where the worker is when it is killed. */
const STEPS = ['before the intent', 'after the intent', 'after the act', 'after the answer'] as const;
export type Step = (typeof STEPS)[number];

/** MongoDB refuses what the step would write next: the worker comes so far and no further. */
const REFUSED: Readonly<Partial<Record<Step, object>>> = {
  'before the intent': { channel: { $exists: false } },
  'after the intent': { state: { $ne: 'sent' } },
  'after the answer': { state: { $ne: 'confirmed' } },
};

/** Of each step another object, far from the others. */
const OBJECTS: Readonly<Record<Step, { readonly objectId: string; readonly ra: number }>> = {
  'before the intent': { objectId: 'ZTF18aaaaaab', ra: 10 },
  'after the intent': { objectId: 'ZTF18aaaaaac', ra: 50 },
  'after the act': { objectId: 'ZTF18aaaaaad', ra: 90 },
  'after the answer': { objectId: 'ZTF18aaaaaae', ra: 130 },
};

/** A worker for T3 is killed with SIGKILL at each step, when every unit is there with one object, and another one goes on. */
export async function runReactionKills(report: (line: string) => void): Promise<KilledReaction[]> {
  const receivers = await startReceivers();
  const broker = await startBroker('reaction-kills');
  const connection = await Connection.connect({ address: broker.env['AMPEL_TEMPORAL_ADDRESS'] ?? '' });
  try {
    const ordeal = new Ordeal(broker, receivers, new Client({ connection }));
    await ordeal.begin();
    const reactions: KilledReaction[] = [];
    for (const step of STEPS) {
      const killed = await ordeal.killAt(step);
      for (const { unit, stateAtKill, state, acted } of killed)
        report(`killed ${step}: ${unit} was ${stateAtKill}, has acted ${acted} times, is ${state}`);
      reactions.push(...killed);
    }
    return reactions;
  } finally {
    await connection.close();
    await broker.stop();
    for (const { close } of receivers) await close();
  }
}

const SETTLED = ['confirmed', 'outcome unknown', 'failed'];
const LIMIT_MS = 10 * 60_000;
const LOOK_MS = 500;

type Stored = Pick<ReactionDocument, '_id' | 'objectId' | 'unit' | 'state'>;

class Ordeal {
  constructor(
    private readonly broker: RunningBroker,
    private readonly receivers: readonly Told[],
    private readonly client: Client,
  ) {}

  async begin(): Promise<void> {
    const { broker, receivers } = this;
    for (const { secrets = {} } of receivers)
      for (const [name, value] of Object.entries(secrets)) broker.env[`AMPEL_SECRET_${name.toUpperCase()}`] = value;
    await broker.startWorker('--role', 'workflows', 'ingest', 't2');
    for (const { unit, config } of receivers) {
      const name = unit.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
      const rule = JSON.stringify({ name: 'tell', unit, when: 'accepted', config });
      const lines = [`name: ${name}`, 'version: 1.0.0', 'stream: ztf', 't0: { unit: AcceptAllFilter }'];
      const file = join(broker.folder, `${name}.yaml`);
      await writeFile(file, [...lines, 'reactions: { mode: live }', `t3: [${rule}]`, ''].join('\n'));
      await broker.ampelJson('channel', 'start', file);
    }
  }

  /** Brings all units to the step with an object of its own, kills the worker there, and waits for what another one makes of it. */
  async killAt(step: Step): Promise<KilledReaction[]> {
    const { broker, receivers } = this;
    await this.refuse(REFUSED[step]);
    if (step === 'after the act') for (const { holdNext } of receivers) holdNext?.();
    await this.readAlert(step);
    const worker = await broker.startWorker('--role', 't3');
    await eventually(`all are ${step}`, () => this.isAt(step));
    await kill(worker);
    const atKill = await this.stored(step);
    await this.refuse(undefined);
    const next = await broker.startWorker('--role', 't3');
    const atEnd = await this.settled(step);
    await kill(next);
    const unknown = await broker.ampelJson('reactions', 'list', '--state', 'unknown');
    const listed = new Set(unknown.map(({ key }) => key));
    return receivers.map(({ unit, acted, holdNext, afterDoubt }) => {
      const { _id, state } = atEnd.get(unit) ?? { _id: '', state: 'none' };
      return {
        ...{ step, unit, acted: acted(OBJECTS[step].objectId), isHeld: holdNext !== undefined, afterDoubt },
        ...{ stateAtKill: atKill.get(unit)?.state ?? 'none', state, isListed: listed.has(_id) },
      };
    });
  }

  private async readAlert(step: Step): Promise<void> {
    const { broker } = this;
    const { objectId, ra } = OBJECTS[step];
    const number = STEPS.indexOf(step) + 1;
    const candid = `67328527311501503${number}`;
    const candidate = { ...CANDIDATE, candid, ra, dec: 10 * number };
    const packet = join(broker.folder, `${objectId}.avro`);
    await writeFile(packet, ztfContainer({ objectId, candid, candidate, history: [LIMIT] }));
    await broker.ampelJson('stream', 'start', `alert-${number}`, '--from', packet, '--wait');
  }

  private async settled(step: Step): Promise<ReadonlyMap<string, Stored>> {
    const untilMs = Date.now() + LIMIT_MS;
    for (;;) {
      const stored = await this.stored(step);
      const open = this.receivers.filter(({ unit }) => !SETTLED.includes(stored.get(unit)?.state ?? ''));
      if (open.length === 0) return stored;
      if (Date.now() > untilMs)
        throw new Error(`killed ${step}, never settled: ${open.map(({ unit }) => unit).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** The reactions to the step's object, by unit. */
  private async stored(step: Step): Promise<ReadonlyMap<string, Stored>> {
    const reactions = this.broker.db.collection<Stored>('reactions').find({ objectId: OBJECTS[step].objectId });
    return new Map((await reactions.toArray()).map((one) => [one.unit, one]));
  }

  private async isAt(step: Step): Promise<boolean> {
    const { receivers } = this;
    const { objectId } = OBJECTS[step];
    const haveActed = receivers.every(({ holdNext, acted }) => holdNext === undefined || acted(objectId) === 1);
    if (step === 'after the act') return haveActed;
    const refused = await this.refusedCount(objectId);
    return step === 'after the answer' ? haveActed && refused > 0 : refused === receivers.length;
  }

  /** Reactions to the object of which MongoDB has refused a write. */
  private async refusedCount(objectId: string): Promise<number> {
    const { raw } = await this.client.workflow.getHandle(workflowId.transient(objectId)).describe();
    const failures = (raw.pendingActivities ?? []).map(({ lastFailure }) => lastFailure?.message ?? '');
    return failures.filter((message) => message.includes('Document failed validation')).length;
  }

  private async refuse(validator: object = {}): Promise<void> {
    await this.broker.db.command({ collMod: 'reactions', validator });
  }
}

async function kill(worker: ChildProcess): Promise<void> {
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}
