import { portions } from './portions.js';

describe('alerts on their way to a broker', () => {
  it('go in portions, in their order, and none is left behind', () => {
    expect([...portions(['1', '2', '3', '4', '5'], 2)]).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect([...portions(['1', '2'], 2)]).toEqual([['1', '2']]);
    expect([...portions([], 2)]).toEqual([]);
  });
});
