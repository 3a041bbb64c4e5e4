/** One end of a range in one key column, as the server prints it. */
export type RangeEnd = { is: "min" } | { is: "max" } | { is: "value"; text: string };

export type PartitionBounds =
  | { kind: "range"; from: RangeEnd[]; to: RangeEnd[] }
  /** A null among the values is SQL's NULL. */
  | { kind: "list"; values: (string | null)[] }
  | { kind: "hash"; modulus: number; remainder: number }
  | { kind: "default" };

type Token = { is: "word" | "text" | "punctuation"; text: string };

/**
 * Parses what `pg_get_expr(relpartbound, oid)` prints, e.g. `FOR VALUES FROM ('2024-01-01', MINVALUE) TO (…)`.
 * Values stay text: what they mean depends on the key's type (see bound-values.ts).
 * @returns null for a text of another form, so that a newer server's syntax shows as unknown, not as an error.
 */
export function parseBounds(text: string): PartitionBounds | null {
  const tokens = tokenize(text);
  if (!tokens) return null;
  let at = 0;
  const word = (expected: string) => {
    const token = tokens[at];
    if (token?.is !== "word" || token.text.toUpperCase() !== expected) return false;
    at++;
    return true;
  };
  const punctuation = (expected: string) => {
    const token = tokens[at];
    if (token?.is !== "punctuation" || token.text !== expected) return false;
    at++;
    return true;
  };
  const list = (): Token[] | null => {
    if (!punctuation("(")) return null;
    const items: Token[] = [];
    do {
      const token = tokens[at++];
      if (!token || token.is === "punctuation") return null;
      items.push(token);
    } while (punctuation(","));
    return punctuation(")") ? items : null;
  };
  const ended = <T>(bounds: T): T | null => (at === tokens.length ? bounds : null);

  if (word("DEFAULT")) return ended({ kind: "default" });
  if (!word("FOR") || !word("VALUES")) return null;
  if (word("IN")) {
    const items = list();
    return items && ended({ kind: "list", values: items.map(listValue) });
  }
  if (word("FROM")) {
    const from = list();
    const to = from && word("TO") ? list() : null;
    return from && to && ended({ kind: "range", from: from.map(rangeEnd), to: to.map(rangeEnd) });
  }
  if (word("WITH")) {
    const match = /\(modulus (\d+), remainder (\d+)\)$/i.exec(text.trim());
    if (!match) return null;
    return { kind: "hash", modulus: Number(match[1]), remainder: Number(match[2]) };
  }
  return null;
}

function listValue(token: Token): string | null {
  return token.is === "word" && token.text.toUpperCase() === "NULL" ? null : token.text;
}

function rangeEnd(token: Token): RangeEnd {
  if (token.is === "word" && token.text.toUpperCase() === "MINVALUE") return { is: "min" };
  if (token.is === "word" && token.text.toUpperCase() === "MAXVALUE") return { is: "max" };
  return { is: "value", text: token.text };
}

/** Quoted literals (with doubled quotes, a `B`/`E` prefix or a cast behind them), bare words and numbers, `( ) ,`. */
function tokenize(text: string): Token[] | null {
  const pattern = /\s+|([(),])|[BbXxEe]?'((?:[^']|'')*)'(?:::[\w ."[\]]+)?|([^\s(),']+)/gy;
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) return null;
    if (match[1] !== undefined) tokens.push({ is: "punctuation", text: match[1] });
    else if (match[2] !== undefined) tokens.push({ is: "text", text: match[2].replaceAll("''", "'") });
    else if (match[3] !== undefined) tokens.push({ is: "word", text: match[3] });
  }
  return tokens;
}
