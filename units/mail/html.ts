import { seen } from '../message/seen.js';

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** A text of others, letter by letter, in the text or an attribute of HTML. */
export function escaped(text: string): string {
  return seen(text).replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

/** Readable in every mail program, which know little: tables, and styles at the element. */
const STYLE = {
  page: 'font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:1.45;color:#1c1c1c;max-width:680px',
  head: 'font-size:20px;margin:0 0 8px',
  name: 'text-align:left;vertical-align:top;padding:3px 16px 3px 0;color:#5a5a5a;font-weight:normal',
  cell: 'vertical-align:top;padding:3px 16px 3px 0',
  code: 'font-family:Menlo,Consolas,monospace;font-size:12px;color:#5a5a5a',
} as const;

export function page(title: string, parts: readonly string[]): string {
  const body = [`<h1 style="${STYLE.head}">${escaped(title)}</h1>`, ...parts].join('\n');
  return `<!doctype html>\n<html><head><meta charset="utf-8"><title>${escaped(title)}</title></head>\n<body><div style="${STYLE.page}">\n${body}\n</div></body></html>\n`;
}

/** Names and what they are; of several lines each on its own. */
export function facts(rows: readonly { readonly title: string; readonly lines: readonly string[] }[]): string {
  const lines = rows.map(
    ({ title, lines: values }) =>
      `<tr><th style="${STYLE.name}">${escaped(title)}</th><td style="${STYLE.cell}">${values.map(escaped).join('<br>')}</td></tr>`,
  );
  return `<table style="border-collapse:collapse">${lines.join('\n')}</table>`;
}

export function grid(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = titles.map((title) => `<th style="${STYLE.name}">${escaped(title)}</th>`).join('');
  const lines = rows.map(
    (row) => `<tr>${row.map((value) => `<td style="${STYLE.cell}">${escaped(value)}</td>`).join('')}</tr>`,
  );
  return `<table style="border-collapse:collapse"><tr>${head}</tr>\n${lines.join('\n')}</table>`;
}

export function links(urls: readonly URL[]): string {
  return `<p>${urls.map((url) => `<a href="${escaped(url.href)}">${escaped(url.host)}</a>`).join(' · ')}</p>`;
}

export function code(text: string): string {
  return `<p style="${STYLE.code}">${escaped(text)}</p>`;
}
