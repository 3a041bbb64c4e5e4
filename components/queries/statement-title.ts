import { type SqlToken, sqlTokens } from "@/lib/sql-tokens.ts";

const beforeTable = /^(?:from|into|update|table|join)$/i;
const noTable = /^(?:select|lateral|unnest|generate_series|now)$/i;

/** "SELECT audit_log", "INSERT INTO event": the verb and the first table, what people call a statement. */
export function statementTitle(text: string | null): string {
  if (!text) return "Statement whose text is not known";
  const tokens = [...sqlTokens(text)].filter(({ kind }) => kind !== "space" && kind !== "comment");
  const [first] = tokens;
  const verb = first?.kind === "word" ? first.text.toUpperCase() : "Statement";
  const table = firstTable(tokens);
  if (!table || noTable.test(table)) return verb;
  return `${{ INSERT: "INSERT INTO", DELETE: "DELETE FROM" }[verb] ?? verb} ${table}`;
}

function firstTable(tokens: readonly SqlToken[]): string | null {
  for (let i = 0; i < tokens.length; i++) {
    if (!beforeTable.test(tokens[i]?.text ?? "")) continue;
    const at = /^only$/i.test(tokens[i + 1]?.text ?? "") ? i + 2 : i + 1;
    const [name, dot, ofSchema] = tokens.slice(at, at + 3);
    if (!isName(name)) continue;
    return dot?.text === "." && isName(ofSchema) ? `${name.text}.${ofSchema.text}` : name.text;
  }
  return null;
}

const isName = (token: SqlToken | undefined): token is SqlToken =>
  token?.kind === "word" || token?.kind === "identifier";
