import { brightnessOf } from '../../model/brightness.js';
import type { Json } from '../../model/canonical-json.js';
import { sexagesimal } from '../../model/sexagesimal.js';
import { escaped } from '../../units/mail/html.js';
import { minuteOfJd } from '../decision-sentence.js';
import { counted } from '../counted.js';
import { minuteText } from '../utc-text.js';
import type { Candidate, NightReport, ReportedRun } from './night-report.js';
import { PAGE_STYLE } from './page-style.js';

/** A picture as an SVG document. */
export interface Picture {
  readonly title: string;
  readonly svg: string;
}

export type DrawnCandidate = Candidate & { readonly pictures: readonly Picture[] };

/** The report as one HTML document that needs no server, no network and no script. */
export function reportPage(report: NightReport, candidates: readonly DrawnCandidate[]): string {
  const { night, channel, madeAt } = report;
  const title = `${channel.name}, night of ${night}`;
  const about = channel.description === undefined ? '' : `<p>${escaped(channel.description)}</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="soft">${escaped(channel.name)} ${escaped(channel.version)}, written ${minuteText(madeAt)} UTC</p>
${about}
${tiles(report)}
${seenSection(report)}
${refusedSection(report)}
${runsSection(report.runs)}
${candidatesSection(report, candidates)}
</main>
</body>
</html>
`;
}

function tiles({ streams, refused, accepted, candidates }: NightReport): string {
  const alerts = streams.reduce((sum, stream) => sum + stream.alerts, 0);
  const rejected = refused.reduce((sum, { count }) => sum + count, 0);
  const told = candidates.flatMap(({ reactions }) => reactions).filter(({ state }) => state === 'confirmed').length;
  const shown: readonly (readonly [number, string])[] = [
    [alerts, 'alerts seen'],
    [rejected, 'refused at the screen'],
    [accepted.objects, 'objects accepted'],
    [accepted.newObjects, 'of them new'],
    [told, 'messages on them'],
  ];
  const tile = ([number, text]: readonly [number, string]): string =>
    `<div class="tile"><b>${number.toLocaleString('en')}</b>${text}</div>`;
  return `<div class="tiles">${shown.map(tile).join('')}</div>`;
}

function seenSection({ streams }: NightReport): string {
  if (streams.length === 0) return section('What was seen', '<p>No receipt tells of an alert of this night.</p>');
  const rows = streams.map(({ name, alerts }) => [text(name), number(alerts)]);
  return section('What was seen', rowsOf([text('stream'), number('alerts')], rows));
}

function refusedSection({ refused }: NightReport): string {
  if (refused.length === 0) return '';
  const rows = refused.map(({ reason, meaning = '', count }) => [text(reason), text(meaning), number(count)]);
  return section('What was refused', rowsOf([text('reason'), text('meaning'), number('alerts')], rows));
}

function runsSection(runs: readonly ReportedRun[]): string {
  if (runs.length === 0) return '';
  const rows = runs.map(({ rule, dueJd, looked, selected, states }) => {
    const told = Object.entries(states).map(([state, count]) => `${state} ${count}`);
    return [text(rule), text(minuteOfJd(dueJd)), number(looked), number(selected), text(told.join(', '))];
  });
  const head = [text('rule'), text('due (UTC)'), number('looked at'), number('told of'), text('messages')];
  return section('Rules by the clock', rowsOf(head, rows));
}

function candidatesSection({ accepted, others }: NightReport, candidates: readonly DrawnCandidate[]): string {
  if (accepted.objects === 0) return section('Accepted', '<p>Nothing was accepted.</p>');
  const names = candidates.map(({ objectId }, index) => `<div><a href="#c${index}">${escaped(objectId)}</a></div>`);
  const rest =
    others.length === 0
      ? ''
      : `<details><summary>${counted(others.length, 'more object')}</summary><p>${others.map(escaped).join(', ')}</p></details>`;
  return [section('Accepted', `<nav>${names.join('')}</nav>${rest}`), ...candidates.map(candidateArticle)].join('\n');
}

function candidateArticle(candidate: DrawnCandidate, index: number): string {
  const { objectId, isNew, position, pictures, results, decisions, reactions, links } = candidate;
  const { ra, dec } = position;
  return `<article id="c${index}">
<header><h3>${escaped(objectId)}</h3>${isNew ? '<span class="new">new</span>' : ''}<span class="soft">${lastText(candidate)}</span></header>
<p class="soft">${ra.toFixed(5)} ${dec < 0 ? '' : '+'}${dec.toFixed(5)} deg · ${escaped(sexagesimal(position))}</p>
<div class="body">
<div>${pictures.map(pictureHtml).join('\n')}</div>
<div>
${results.map(({ unit, version, body }) => resultDetails(unit, version, body)).join('\n')}
${
  reactions.length === 0
    ? ''
    : rowsOf(
        [text('message'), text('state')],
        reactions.map((one) => [
          text(`${one.rule} (${one.unit})`),
          text([one.state, one.answer].filter((part) => part !== '').join(': ')),
        ]),
      )
}
<p>${links.map((url) => `<a href="${escaped(url)}" rel="noreferrer">${escaped(new URL(url).host)}</a>`).join(' · ')}</p>
</div>
</div>
<details><summary>${counted(decisions.length, 'decision')}</summary><pre>${decisions.map(escaped).join('\n')}</pre></details>
</article>`;
}

function pictureHtml({ title, svg }: Picture): string {
  return `<img alt="${escaped(title)}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;
}

function lastText({ datapoints }: Candidate): string {
  const detections = datapoints.filter(({ kind }) => kind === 'detection');
  const last = detections.at(-1);
  const limits = datapoints.filter(({ kind }) => kind === 'upperLimit').length;
  const counts = `${counted(detections.length, 'detection')}, ${counted(limits, 'upper limit')}`;
  if (last === undefined) return counts;
  const mag = brightnessOf(last)?.mag;
  return escaped(
    `${counts}; last ${last.band}${mag === undefined ? '' : ` ${mag.toFixed(2)}`} at ${minuteOfJd(last.jd)}`,
  );
}

/** Open where it is short. */
function resultDetails(unit: string, version: string, body: Json): string {
  const values = isRecord(body) ? Object.entries(body) : [['value', body] as const];
  if (values.length === 0) return `<p class="soft">${escaped(unit)} ${escaped(version)}: nothing</p>`;
  const rows = values.map(([key, value]) => [text(key), text(shown(value))]);
  const open = rows.length <= SHORT_RESULT ? ' open' : '';
  return `<details${open}><summary>${escaped(unit)} ${escaped(version)}</summary>${rowsOf([], rows)}</details>`;
}

const SHORT_RESULT = 6;
const SHOWN_LETTERS = 200;
const DIGITS = 8;

function shown(value: Json): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(DIGITS)));
  const letters = typeof value === 'string' ? value : JSON.stringify(value);
  return letters.length > SHOWN_LETTERS ? `${letters.slice(0, SHOWN_LETTERS)}…` : letters;
}

function isRecord(body: Json): body is Readonly<Record<string, Json>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

interface Cell {
  readonly html: string;
  readonly isNumber: boolean;
}

function text(value: string): Cell {
  return { html: escaped(value), isNumber: false };
}

function number(value: number | string): Cell {
  return { html: typeof value === 'number' ? value.toLocaleString('en') : escaped(value), isNumber: true };
}

function rowsOf(head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (tag: string, { html, isNumber }: Cell): string =>
    `<${tag}${isNumber ? ' class="number"' : ''}>${html}</${tag}>`;
  const line = (tag: string, cells: readonly Cell[]): string =>
    `<tr>${cells.map((one) => cell(tag, one)).join('')}</tr>`;
  const heads = head.length === 0 ? '' : line('th', head);
  return `<div class="scroll"><table>${heads}${rows.map((row) => line('td', row)).join('\n')}</table></div>`;
}

function section(title: string, html: string): string {
  return `<h2>${title}</h2>\n${html}`;
}
