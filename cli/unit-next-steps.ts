import type { Unit } from '../units/define.js';
import type { MissingEntry } from './unit-place.js';

/** A unit that was written. */
export interface WrittenUnit {
  readonly name: string;
  readonly tier: Unit['tier'];
  readonly file: string;
  readonly test: string;
  /** In a checkout of this repository. */
  readonly isHouse: boolean;
  /** What to install, where the unit does not find this package. */
  readonly install?: { readonly what: string; readonly where: string };
  readonly missing?: MissingEntry;
}

/** What was written and what to do next, for people. */
export function nextSteps(unit: WrittenUnit): string {
  const steps = unit.isHouse ? houseSteps(unit) : packageSteps(unit);
  const config = unit.tier === 't3' ? ' --config config.yaml' : '';
  steps.push(['look at it', `ampel unit show ${unit.name}`]);
  steps.push(['run it on alerts', `ampel unit run ${unit.name} --input night.tar.gz${config}`]);
  const numbered = steps.map(([what, ...lines], index) => [
    `${index + 1}. ${what}:`,
    ...lines.map((line) => `     ${line}`),
  ]);
  return [`${unit.file} is the unit,`, `${unit.test} its test. Next:`, ...numbered.flat()].join('\n');
}

type Step = [what: string, ...lines: string[]];

function houseSteps({ test }: WrittenUnit): Step[] {
  return [
    ['run its test', `NODE_OPTIONS=--experimental-vm-modules npx jest ${test}`],
    ['build, so that the program finds it', 'npm run build'],
  ];
}

function packageSteps({ test, install, missing }: WrittenUnit): Step[] {
  const steps: Step[] = [];
  if (install !== undefined) {
    steps.push([`in ${install.where}, so that it finds "ampel-temporal/units"`, `npm install ${install.what}`]);
  }
  steps.push(['run its test', `node --test ${test}`]);
  if (missing !== undefined) {
    const { file, isNew, entry } = missing;
    const lines = isNew ? ['units:', `  - ${entry}`] : [`  - ${entry}`];
    steps.push([`${isNew ? `write ${file}` : `add to "units" of ${file}`}, so that ampel finds it`, ...lines]);
  }
  return steps;
}
