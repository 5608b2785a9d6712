import type { Document } from 'mongodb';

/** A data base that answers and cannot do what is needed of it. */
export class UnfitDeployment extends Error {}

/**
 * Throws `UnfitDeployment` where a server is on its own: a position moves in one transaction with its receipt, and MongoDB has
 * transactions on replica sets and on `mongos` only. `hello`: its answer to that command.
 */
export function requireTransactions(hello: Document): void {
  if (typeof hello['setName'] === 'string' || hello['msg'] === 'isdbgrid') return;
  throw new UnfitDeployment(
    'it is a server on its own, and transactions need a replica set, if only of one: start mongod with --replSet and run rs.initiate() once',
  );
}
