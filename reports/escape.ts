const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML 1.0 cannot hold in any form: control characters, lone surrogates, U+FFFE and U+FFFF. */
const impossibleInXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Returns text for HTML content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => named[character] ?? character);
}

/** Returns text for XML content; what XML cannot hold becomes visible as `\u001b`. */
export function escapeXml(text: string): string {
  return escapeHtml(text.replaceAll(impossibleInXml, visible)).replaceAll('&#39;', '&apos;');
}

/** Returns text for an XML attribute: parsers would turn raw line breaks and tabs into blanks. */
export function escapeXmlAttribute(text: string): string {
  return escapeXml(text).replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function visible(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
