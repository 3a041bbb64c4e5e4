/** Up to here a loop is quicker than the call into Node's own code. */
const short = 48;

/**
 * Writes a text as UTF-8; there must be room for three bytes a UTF-16 unit. @returns where it ends
 * @throws Error for half a surrogate pair: UTF-8 has no form for it, it would be written as U+FFFD like any other
 */
export function writeUtf8(to: Buffer, text: string, at: number): number {
  if (text.length <= short) {
    let next = at;
    for (; next < at + text.length; next++) {
      const unit = text.charCodeAt(next - at);
      if (unit > 0x7f) break;
      to[next] = unit;
    }
    if (next === at + text.length) return next;
  }
  if (!text.isWellFormed()) throw new Error("half a surrogate pair has no form in UTF-8");
  return at + to.write(text, at);
}
