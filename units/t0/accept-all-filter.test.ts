import { acceptAllFilter } from './accept-all-filter.js';

describe('AcceptAllFilter', () => {
  it('accepts an alert of which nothing is known', () => {
    expect(acceptAllFilter.run({ candidate: {}, history: [] }, {})).toEqual({ accepted: true });
  });

  it('has nothing to configure', () => {
    expect(acceptAllFilter.config.safeParse({ min_ndet: 2 }).success).toBe(false);
  });
});
