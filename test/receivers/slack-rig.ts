import { inspect } from 'node:util';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import { ReactionRefused, TryAgain, type Answer, type Clients, type Found, type Pictures } from '../../units/define.js';
import { slackReaction } from '../../units/t3/slack-reaction.js';
import { SlackServer } from './slack-server.js';

export const TOKEN = 'xoxb-not-a-real-token-f00d';
export const KEY = 'HU_RAPID/new-candidate/ZTF18abxhyqv';
export const CHANNEL = 'C024BE91L';
export const ARCHIVED = 'C0ARCHIVED';
/** The app is no member of it. */
export const STRANGE = 'C0STRANGE';

export function point(kind: Datapoint['kind'], jd: number, body: Datapoint['body']): Datapoint {
  return { id: String(jd), kind, jd, band: 'r', tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'], body: { jd, ...body } };
}

export const occasion: Occasion = {
  ...{ key: KEY, channel: 'HU_RAPID', rule: 'new-candidate', objectId: 'ZTF18abxhyqv', stock: '360504273' },
  position: { ra: 21.6399519, dec: 31.6163666 },
  ...{ dueJd: 2458430.25, alertId: '673285273115015035' },
  state: {
    link: '-118318261',
    datapoints: [
      point('detection', 2458429.8, { magpsf: 18.6, sigmapsf: 0.08, isdiffpos: 't' }),
      point('upperLimit', 2458426.8, { diffmaglim: 20.4 }),
      point('detection', 2458427.8, { magpsf: 18.9, sigmapsf: 0.1, isdiffpos: 't' }),
    ],
  },
  results: { T2LightCurveSummary: { num_detections: 2, mean: { r: 18.7512345678 } }, T2Age: 2 },
  earlier: [],
};

export function clientsWith(secrets: Readonly<Record<string, string>> = { SLACK: TOKEN }): Clients {
  return {
    fetch,
    secret(name) {
      const value = secrets[name];
      if (value === undefined) throw new Error(`secret "${name}" is not set`);
      return value;
    },
  };
}

type Extra = Readonly<Record<string, unknown>>;

/** What is sent or asked for, where it is not the usual message by the usual config. */
export interface Sending {
  readonly message?: Json;
  readonly key?: string;
  readonly extra?: Extra;
  readonly clients?: Clients;
  readonly pictures?: Pictures;
}

/** SlackReaction before a server of its own. */
export class SlackRig {
  readonly server = new SlackServer(TOKEN);

  async begin(): Promise<void> {
    await this.server.comeUp();
    this.server.open(CHANNEL);
    this.server.open(ARCHIVED, { isArchived: true });
    this.server.open(STRANGE, { isMember: false });
  }

  config(extra: Extra = {}): ReturnType<typeof slackReaction.config.parse> {
    return slackReaction.config.parse({ channel: CHANNEL, secret: 'SLACK', apiUrl: this.server.apiUrl, ...extra });
  }

  compose(changes: Partial<Occasion> = {}, extra: Extra = {}): Json {
    return slackReaction.compose({ ...occasion, ...changes }, this.config(extra));
  }

  send({ extra = {}, message, key = KEY, clients = clientsWith(), pictures }: Sending = {}): Promise<Answer> {
    return slackReaction.send(message ?? this.compose({}, extra), key, this.config(extra), clients, pictures);
  }

  async find({ extra = {}, message, key = KEY, clients = clientsWith() }: Sending = {}): Promise<Found> {
    if (slackReaction.find === undefined) throw new Error('it has no find');
    return slackReaction.find(message ?? this.compose({}, extra), key, this.config(extra), clients, new Date());
  }
}

/** What a unit thinks of a failure: never, surely not acted, nobody knows. */
export type FailureKind = 'refused' | 'try again' | 'doubt';

export interface Failure {
  readonly kind: FailureKind | 'no error';
  readonly message: string;
  readonly afterMs?: number | undefined;
}

/** How it failed. Looks into the error for the token. */
export async function failureOf(doing: Promise<Answer | Found>): Promise<Failure> {
  try {
    return { kind: 'no error', message: JSON.stringify(await doing) };
  } catch (error) {
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(TOKEN);
    const message = error instanceof Error ? error.message : '';
    if (error instanceof TryAgain) return { kind: 'try again', message, afterMs: error.afterMs };
    return { kind: error instanceof ReactionRefused ? 'refused' : 'doubt', message };
  }
}

export async function expectFailure(
  doing: Promise<Answer | Found>,
  kind: FailureKind,
  said: string | RegExp = '',
): Promise<void> {
  const failure = await failureOf(doing);
  expect(failure.message).toMatch(said);
  expect(failure.kind).toBe(kind);
}

/** Every `text` in a message. */
export function textsIn(message: Json): string[] {
  const texts: string[] = [];
  JSON.stringify(message, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}

export function blocksOf(message: Json): unknown[] {
  const blocks: unknown = typeof message === 'object' && message !== null ? Reflect.get(message, 'blocks') : undefined;
  return Array.isArray(blocks) ? blocks : [];
}
