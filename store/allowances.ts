import { MongoServerError } from 'mongodb';
import type { Store } from './store.js';

/** What may be taken of something in a time, over all workers. */
export interface Allowance {
  /** Of what and when, such as `HU_RAPID/mail h 2026-11-23T22`. */
  readonly name: string;
  readonly max: number;
  /** When nobody asks for it any more. */
  readonly expires: Date;
}

/** Takes `amount` of an allowance, once for each key however often it is asked. False where that would be more than is left. */
export async function takeAllowance(
  store: Store,
  { name, max, expires }: Allowance,
  key: string,
  amount = 1,
): Promise<boolean> {
  if (amount > max) return false;
  if ((await store.allowances.findOne({ _id: name, 'taken.key': key }, { projection: { _id: 1 } })) !== null)
    return true;
  try {
    await store.allowances.updateOne(
      { _id: name, 'taken.key': { $ne: key }, total: { $not: { $gt: max - amount } } },
      { $push: { taken: { key, amount } }, $inc: { total: amount }, $setOnInsert: { expires } },
      { upsert: true },
    );
    return true;
  } catch (error) {
    // No document fits the filter and there is one of this name: it is used up, or this key has just taken its part.
    if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
    return (await store.allowances.findOne({ _id: name, 'taken.key': key }, { projection: { _id: 1 } })) !== null;
  }
}

const DUPLICATE_KEY = 11000;

/** Gives back what a key has taken, where nothing came of it. */
export async function giveBackAllowance(store: Store, name: string, key: string): Promise<void> {
  const found = await store.allowances.findOne({ _id: name, 'taken.key': key });
  const amount = found?.taken.find((one) => one.key === key)?.amount;
  if (amount === undefined) return;
  await store.allowances.updateOne(
    { _id: name, 'taken.key': key },
    { $pull: { taken: { key } }, $inc: { total: -amount } },
  );
}
