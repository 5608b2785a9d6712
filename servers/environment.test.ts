import { homedir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, resolveServers } from './environment.js';

describe('the services to use', () => {
  it('are all our own where the environment names none', () => {
    expect(resolveServers({})).toEqual({ namespace: 'default', temporal: undefined, mongodb: undefined });
  });

  it('are those of the environment, each by itself', () => {
    const plan = resolveServers({ AMPEL_MONGODB_URI: 'mongodb://db.example:27017', AMPEL_TEMPORAL_NAMESPACE: 'ztf' });
    expect(plan).toEqual({
      namespace: 'ztf',
      temporal: undefined,
      mongodb: { uri: 'mongodb://db.example:27017' },
    });
    const { temporal } = resolveServers({ AMPEL_TEMPORAL_ADDRESS: 'temporal.example:7233' });
    expect(temporal).toEqual({ address: 'temporal.example:7233', namespace: 'default', uiUrl: undefined });
  });

  it('are not named by a variable that is set to nothing', () => {
    expect(resolveServers({ AMPEL_MONGODB_URI: '', AMPEL_TEMPORAL_ADDRESS: '' })).toEqual(resolveServers({}));
  });
});

describe('the data folder', () => {
  it("is AMPEL_HOME, else in the user's data folder, never in the checkout", () => {
    expect(dataFolder({ AMPEL_HOME: '/data/ampel', XDG_DATA_HOME: '/home/hubble/data' })).toBe('/data/ampel');
    expect(dataFolder({ XDG_DATA_HOME: '/home/hubble/data' })).toBe('/home/hubble/data/ampel-temporal');
    expect(dataFolder({})).toBe(join(homedir(), '.local', 'share', 'ampel-temporal'));
  });
});
