import { earliestDueJd, splitCalledOff, splitDue, type Deadline } from './deadline.js';

const NIGHT = 2458426.75;

function deadline(over: Partial<Deadline> = {}, rule: Pick<Deadline, 'unless'> = { unless: 'detection' }): Deadline {
  return {
    ...{ key: 'SN/announce/360504273', channel: 'SN', channelHash: 'ab12', rule: 'announce', alertId: '1' },
    ...{ setJd: NIGHT, link: '-118318261', dueJd: NIGHT + 3 },
    ...rule,
    ...over,
  };
}

describe('deadlines that fall due', () => {
  const waiting = [
    deadline({ key: 'third', dueJd: NIGHT + 7 }),
    deadline({ key: 'first', dueJd: NIGHT + 1 }),
    deadline({ key: 'second', dueJd: NIGHT + 3 }),
  ];

  it.each([
    ['before all of them', NIGHT + 0.5, [], ['third', 'first', 'second']],
    ['at the moment of one', NIGHT + 1, ['first'], ['third', 'second']],
    ['just before it', NIGHT + 3 - 1e-6, ['first'], ['third', 'second']],
    ['after the long gap of full moon', NIGHT + 14, ['first', 'second', 'third'], []],
  ])('%s: in order of time, and the others wait', (_, jd, due, left) => {
    const split = splitDue(waiting, jd);
    expect(split.due.map(({ key }) => key)).toEqual(due);
    expect(split.waiting.map(({ key }) => key)).toEqual(left);
  });

  it('are known by the earliest of them', () => {
    expect(earliestDueJd(waiting)).toBe(NIGHT + 1);
    expect(earliestDueJd([])).toBeUndefined();
  });
});

describe('"no second detection within 3 nights"', () => {
  it.each([
    ['is called off by a detection the next night', NIGHT + 1, 'SN', true],
    ['is called off by a detection half an hour later, in the other band', NIGHT + 0.02, 'SN', true],
    ['is not called off by the same exposure, issued again under another id', NIGHT, 'SN', false],
    ['is called off by an earlier exposure that came late: there were two detections', NIGHT - 0.02, 'SN', true],
    ["is not called off by another channel's detection", NIGHT + 1, 'AGN', false],
  ])('%s', (_, jd, channel, isCalledOff) => {
    const { calledOff, waiting } = splitCalledOff([deadline()], channel, jd);
    expect([calledOff.length, waiting.length]).toEqual(isCalledOff ? [1, 0] : [0, 1]);
  });

  it('leaves alone the rules that wait for nothing but time', () => {
    const twoHoursLater = deadline({ key: 'two hours later', dueJd: NIGHT + 2 / 24 }, {});
    const { calledOff, waiting } = splitCalledOff([deadline(), twoHoursLater], 'SN', NIGHT + 1);
    expect(calledOff).toEqual([deadline()]);
    expect(waiting).toEqual([twoHoursLater]);
  });
});
