import { requireTransactions, UnfitDeployment } from './deployment.js';

describe('a MongoDB of one’s own', () => {
  it('is refused as a server without a replica set, with what to do', () => {
    expect(() => {
      requireTransactions({ isWritablePrimary: true, maxWireVersion: 17, ok: 1 });
    }).toThrow(UnfitDeployment);
    expect(() => {
      requireTransactions({ ok: 1 });
    }).toThrow(/--replSet and run rs\.initiate\(\)/);
  });

  it('is taken as a replica set, and as a cluster behind mongos', () => {
    expect(() => {
      requireTransactions({ isWritablePrimary: true, setName: 'rs0', ok: 1 });
      requireTransactions({ isWritablePrimary: true, msg: 'isdbgrid', ok: 1 });
    }).not.toThrow();
  });
});
