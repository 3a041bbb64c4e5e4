/** What jsonb cannot hold as JSON writes it: NUL, and half of a surrogate pair. */
const unstorable = /\\u(?:0000|d[89a-f])/i;

/** JSON that jsonb can hold: text loses NULs, and gets U+FFFD for half of a surrogate pair. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Finding two characters costs a fiftieth of matching.
  if (!text.includes("\\u") || !unstorable.test(text)) return text;
  return JSON.stringify(value, (_key, each) =>
    typeof each === "string" ? each.toWellFormed().replaceAll("\0", "") : each,
  );
}
