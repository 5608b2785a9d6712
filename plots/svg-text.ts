const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Letters that XML forbids: one of them makes the whole picture unreadable. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text without what no picture can have in it. */
export function printable(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd');
}

/** Text as it stands inside an SVG element. */
export function svgText(text: string): string {
  return printable(text).replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
}
