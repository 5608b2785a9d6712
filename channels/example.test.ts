import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { z } from 'zod';
import { describeWithData, sharedData } from '../test/shared-data.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { checkChannel } from './check-channel.js';

const text = readFileSync(join(import.meta.dirname, 'HU_RAPID.yaml'), 'utf8');

let registry: Registry;
beforeAll(async () => {
  registry = await loadRegistry();
});

/** Offset and length of every key. */
function keysIn(node: unknown): { offset: number; length: number }[] {
  if (isSeq(node)) return node.items.flatMap(keysIn);
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const range = isScalar(key) ? key.range : undefined;
    return [...(range ? [{ offset: range[0], length: range[1] - range[0] }] : []), ...keysIn(value)];
  });
}

function linesOfErrors(changed: string): number[] {
  const check = checkChannel(changed, 'HU_RAPID.yaml', registry);
  return check.ok ? [] : check.errors.map((error) => error.line);
}

describe('the channel HU_RAPID', () => {
  it('is a channel with a filter, two T2 units and two rules', () => {
    const check = checkChannel(text, 'channels/HU_RAPID.yaml', registry);
    expect(check).toMatchObject({
      ok: true,
      revision: {
        channel: {
          name: 'HU_RAPID',
          access: ['ZTF_PUB'],
          t0: { ztf: { unit: 'DecentFilter' } },
          t2: [{ unit: 'T2LightCurveSummary' }, { unit: 'T2LightCurveFeatures' }],
          t3: [
            { name: 'new-candidate', unit: 'WebhookReaction', when: 'accepted', afterDays: 0 },
            { name: 'single-night', unit: 'WebhookReaction', when: 'accepted', afterDays: 3, unless: 'detection' },
          ],
        },
      },
    });
  });

  it('with a letter missing from any key is refused, on the line of that key', () => {
    const keys = keysIn(parseDocument(text).contents);
    expect(keys.length).toBeGreaterThan(40);
    const slips = keys.flatMap(({ offset, length }) => Array.from({ length }, (_, letter) => offset + letter));
    fc.assert(
      fc.property(fc.constantFrom(...slips), (slip) => {
        const line = text.slice(0, slip).split('\n').length;
        expect(linesOfErrors(text.slice(0, slip) + text.slice(slip + 1))).toContain(line);
      }),
    );
  });

  it('without any one line that is no comment is refused, or is another channel', () => {
    const hashOf = (source: string) => {
      const check = checkChannel(source, 'HU_RAPID.yaml', registry);
      return check.ok ? check.revision.hash : 'refused';
    };
    const lines = text.split('\n');
    const silent = lines.filter((line, index) => {
      const said = line.replace(/(^| )#.*/, '').trim() !== '';
      return said && hashOf(lines.toSpliced(index, 1).join('\n')) === hashOf(text);
    });
    // What it leaves out, the default says.
    expect(silent).toEqual([lines.find((line) => line.startsWith('access'))]);
  });
});

describeWithData('the cuts of the channel HU_RAPID', () => {
  const oracle = join(sharedData, 'reference/oracles/ampel_decisions_shared.json');
  const header = z.object({
    header: z.object({
      filters: z.object({ 'Decent.HU_RAPID': z.object({ config: z.record(z.string(), z.number()) }) }),
    }),
  });

  it("are those that AMPEL's own decisions were made with, and the defaults of AMPEL's filter", () => {
    const { config } = header.parse(JSON.parse(readFileSync(oracle, 'utf8'))).header.filters['Decent.HU_RAPID'];
    const check = checkChannel(text, 'HU_RAPID.yaml', registry);
    expect(check.ok && check.revision.channel.t0['ztf']?.config).toEqual({
      ...config,
      min_drb: 0,
      min_archive_tspan: 0,
      max_archive_tspan: 1e5,
    });
  });
});
