import { quoteIdentifier, quoteText } from "../../quote-sql.ts";
import { sqlTokens } from "../../sql-tokens.ts";
import type { TableModel } from "./read-model.ts";

/** Row security and its policies, with what is said of them. */
export function policyStatements(model: TableModel, table: string, childName: string): string[] {
  const renamed = (expression: string) => renameReferences(expression, model.name, childName);
  return [
    ...(model.rowSecurity ? [`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`] : []),
    ...(model.forceRowSecurity ? [`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`] : []),
    ...model.policies.flatMap(({ name, permissive, command, roles, using, check, comment }) => [
      [
        `CREATE POLICY ${quoteIdentifier(name)} ON ${table} AS ${permissive ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${command}`,
        `TO ${roles.map((role) => (role === null ? "PUBLIC" : quoteIdentifier(role))).join(", ")}`,
        ...(using === null ? [] : [`USING (${renamed(using)})`]),
        ...(check === null ? [] : [`WITH CHECK (${renamed(check)})`]),
      ].join(" "),
      ...(comment === null
        ? []
        : [`COMMENT ON POLICY ${quoteIdentifier(name)} ON ${table} IS ${quoteText(comment)}`]),
    ]),
  ];
}

/** A condition that asks other tables names its own: `model.column` becomes `child.column`. */
function renameReferences(expression: string, from: string, to: string): string {
  const tokens = [...sqlTokens(expression)];
  const quoted = quoteIdentifier(from);
  return tokens
    .map(({ kind, text }, i) => {
      const named = (kind === "word" || kind === "identifier") && text === quoted;
      return named && tokens[i + 1]?.text.startsWith(".") && tokens[i - 1]?.text !== "."
        ? quoteIdentifier(to)
        : text;
    })
    .join("");
}
