import { describeWithJava } from '../kafka/describe-with-java.js';
import { runReactionKills, type KilledReaction, type Step } from './reaction-kills.js';

const LIMIT_MS = 20 * 60_000;

describeWithJava('a worker that is killed at each step of each reaction', () => {
  let reactions: readonly KilledReaction[];

  beforeAll(async () => {
    reactions = await runReactionKills((line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`));
  }, LIMIT_MS);

  it.each<[Step, string[]]>([
    ['before the intent', ['none']],
    ['after the intent', ['intended']],
    ['after the act', ['sent']],
    // An answer may be pending; a try after the one that was answered is in doubt.
    ['after the answer', ['sent', 'outcome unknown']],
  ])('was killed %s', (step, states) => {
    const there = reactions.filter((one) => one.step === step && (one.isHeld || step !== 'after the act'));
    expect(there.length).toBeGreaterThanOrEqual(5);
    expect(there.filter(({ stateAtKill }) => !states.includes(stateAtKill))).toEqual([]);
  });

  it('has made each receiver act once', () => {
    expect(reactions.filter(({ acted }) => acted !== 1)).toEqual([]);
  });

  it('leaves all confirmed but those in doubt whose receivers cannot be asked', () => {
    for (const { step, unit, isHeld, state, afterDoubt } of reactions) {
      const isDoubtful = step === 'after the answer' || (step === 'after the act' && isHeld);
      expect({ step, unit, state }).toEqual({ step, unit, state: isDoubtful ? afterDoubt : 'confirmed' });
    }
  });

  it('lists what is unknown', () => {
    const unknown = reactions.filter(({ state }) => state === 'outcome unknown');
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.filter(({ isListed }) => !isListed)).toEqual([]);
  });
});
