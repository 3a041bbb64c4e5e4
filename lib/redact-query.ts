// Each character can be read in one way only: a text made to try many ways would hold up the whole process.
const quoted = String.raw`(?:[eEnNbBxX]|[uU]&)?'(?:[^'\\]|\\(?:[\s\S]|$)|'')*(?:'|$)`;
const dollarQuoted = String.raw`\$(?<tag>(?:[A-Za-z_][A-Za-z_0-9]*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)`;
const literal = `(?:${quoted}|${dollarQuoted})`;
const gap = String.raw`(?:\s|/\*(?:[^*]|\*(?!/))*(?:\*/|$)|--[^\n]*(?:\n|$))*`;

/** PASSWORD '…', password => '…', secret = '…', and the like; the literal may be cut off by the server. */
const named = new RegExp(
  String.raw`\b(password|passwd|passphrase|secret|secret_key|api_?key|access_?token|token)("?${gap}(?:(?:=>|:=|=|,|to\b)${gap})?)${literal}`,
  "gi",
);
/** pgcrypto calls take the key or the password as a plain argument; which one depends on the function. */
const cryptography =
  /\b(pgp_sym_(?:en|de)crypt(?:_bytea)?|pgp_pub_decrypt(?:_bytea)?|crypt|hmac|encrypt(?:_iv)?|decrypt(?:_iv)?)\s*\([\s\S]*/gi;
const urlPassword = /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@']*):[^\s@']+@/gi;
const conninfo = /\b(password|passfile|sslpassword)(\s*=\s*)(?:\\'[^']*\\'|''[^']*''|"[^"]*"|[^\s'";,)]+)/gi;
const json =
  /("[^"]{0,40}(?:password|passwd|passphrase|secret|api_?key|token)"\s*:\s*)"(?:[^"\\]|\\(?:[\s\S]|$))*(?:"|$)/gi;
const anyLiteral = new RegExp(literal, "g");

/**
 * A statement's text as it may be shown: passwords, keys and tokens in literals, connection strings and URLs
 * are replaced by `…`, also where the server cut the text off inside one; then it is cut to `maxLength`.
 */
export function redactQuery(text: string, maxLength = 1_000): string {
  const redacted = text
    .replace(cryptography, (call) => call.replace(anyLiteral, "'…'"))
    .replace(named, "$1$2'…'")
    .replace(urlPassword, "$1:…@")
    .replace(json, '$1"…"')
    .replace(conninfo, "$1$2…");
  return redacted.length > maxLength ? `${redacted.slice(0, maxLength - 1)}…` : redacted;
}
