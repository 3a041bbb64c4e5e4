import type { Sql } from "postgres";
import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";
import { withoutComments } from "./statement-text.ts";

const reasons: Record<string, string> = {
  "42P01":
    "It names a table that no longer exists, or that is not found by the search path set for the role that ran it.",
  "3F000": "It names a schema that no longer exists.",
  "42703": "It names a column that no longer exists.",
  "42883": "It calls a function that no longer exists, or that needs its parameters' types.",
  "42704": "It names a type that no longer exists.",
  "42P18": "The type of one of its parameters cannot be told without its value.",
  "42P02": "The type of one of its parameters cannot be told without its value.",
  "42601": "Its recorded text cannot be read back as SQL: values were replaced where SQL wants a literal.",
  "25006": "Planning it would write.",
  "0A000": "The server cannot plan this kind of statement without its values.",
};

/** A plan that the server refused to make. */
export interface RefusedPlan {
  sqlState: string;
  text: string;
  /** The role it was refused to. */
  explainRole: string;
}

/** Whether an error is the server's refusal to plan, and no timeout, lock or lost connection. */
export function isRefusal(thrown: unknown): thrown is { code: string } {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : null;
  return (
    typeof code === "string" &&
    /^[0-9A-Z]{5}$/.test(code) &&
    /\d/.test(code) &&
    !/^(08|53|55P03|57)/.test(code)
  );
}

/**
 * Why the server refused to plan a statement, by SQLSTATE; its own words may quote data and stay unsaid.
 * @param sql the watching connection: the one that planned is not to be trusted any more.
 */
export async function explainRefusal(sql: Sql, refused: RefusedPlan): Promise<Unavailable> {
  const { sqlState, text, explainRole } = refused;
  if (sqlState === "42501") return explainGrant(sql, text, explainRole);
  const reason = reasons[sqlState] ?? `The server refused to plan it (SQLSTATE ${sqlState}).`;
  return { code: "unsupported", reason };
}

/** The GRANT for what the statement names and the explain role may not touch. */
async function explainGrant(sql: Sql, text: string, explainRole: string): Promise<Unavailable> {
  const verb = /^(insert|update|delete)\b/i.exec(withoutComments(text).trim())?.[1]?.toUpperCase();
  if (verb)
    return {
      code: "no_grant",
      reason: `Planning it needs ${verb} on the table, which an explain role must not have.`,
    };
  const rows = await sql<{ schema: string; name: string; usage: boolean }[]>`
    select n.nspname as "schema", c.relname as "name", has_schema_privilege(r.oid, n.oid, 'usage') as "usage"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.rolname = ${explainRole}
    where c.relkind in ('r', 'p', 'v', 'm', 'f')
      and c.relname in (select json_array_elements_text(${JSON.stringify(namesIn(text))}::text::json))
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
      and not (has_schema_privilege(r.oid, n.oid, 'usage') and has_table_privilege(r.oid, c.oid, 'select'))
    order by 1, 2 limit 20`;
  const reason = `${explainRole} may not read the tables it names, or run a function that it calls.`;
  if (rows.length === 0) return { code: "no_grant", reason };
  const schemas = [...new Set(rows.filter((row) => !row.usage).map((row) => row.schema))];
  const role = quoteIdentifier(explainRole);
  return {
    code: "no_grant",
    reason,
    enable: [
      ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${role};`),
      `GRANT SELECT ON ${rows.map((row) => quoteQualified(row.schema, row.name)).join(", ")} TO ${role};`,
    ].join("\n"),
  };
}

/** Names that may be a table's: what follows FROM, JOIN, INTO, UPDATE, USING, ONLY or a comma. */
function namesIn(text: string): string[] {
  const identifier = String.raw`(?:"(?:[^"]|"")+"|[a-z_][\w$]*)`;
  const pattern = new RegExp(
    String.raw`(?:\b(?:from|join|into|update|using|only)\s+|,\s*)(?:only\s+)?(?:${identifier}\s*\.\s*)?(${identifier})`,
    "gi",
  );
  const names = [...withoutComments(text).matchAll(pattern)].map(([, name = ""]) =>
    name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase(),
  );
  return [...new Set(names)];
}
