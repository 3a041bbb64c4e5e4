export type SqlTokenKind = "keyword" | "string" | "number" | "comment" | "parameter" | "plain";

const keywords = new Set(
  `select from where group by order having limit offset join left right full inner outer cross lateral on using as
  and or not in is null like ilike between exists any all some case when then else end distinct union intersect
  except insert into values update set delete returning with recursive create alter drop table index view schema
  extension grant revoke to role user database partition of for attach detach concurrently if primary key references
  unique check constraint default begin commit rollback vacuum analyze explain copy truncate window over partition
  filter within asc desc nulls first last true false interval cast conflict do nothing system show reset`.split(
    /\s+/,
  ),
);

const pattern =
  /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*'|\$\$[\s\S]*?\$\$)|("(?:[^"]|"")*")|(\$\d+|\?(?=[\s,)]))|(\b\d+(?:\.\d+)?\b)|([A-Za-z_][A-Za-z0-9_$]*)/g;

/** Splits SQL for colouring only; joining the texts gives the input back. */
export function sqlTokens(sql: string): { kind: SqlTokenKind; text: string }[] {
  const tokens: { kind: SqlTokenKind; text: string }[] = [];
  const push = (kind: SqlTokenKind, text: string) => {
    const last = tokens.at(-1);
    if (kind === "plain" && last?.kind === "plain") last.text += text;
    else if (text) tokens.push({ kind, text });
  };
  let at = 0;
  for (const match of sql.matchAll(pattern)) {
    push("plain", sql.slice(at, match.index));
    const [text, comment, string, identifier, parameter, number] = match;
    if (comment) push("comment", text);
    else if (string) push("string", text);
    else if (identifier) push("plain", text);
    else if (parameter) push("parameter", text);
    else if (number) push("number", text);
    else push(keywords.has(text.toLowerCase()) ? "keyword" : "plain", text);
    at = match.index + text.length;
  }
  push("plain", sql.slice(at));
  return tokens;
}
