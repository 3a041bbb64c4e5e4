import { quoteIdentifier, quoteQualified, quoteText } from "../../quote-sql.ts";
import { sqlTokens } from "../../sql-tokens.ts";
import { identityStatements } from "./identity-statements.ts";
import { privilegeStatements } from "./privilege-statements.ts";
import type { TableModel } from "./read-model.ts";
import { retargetTrigger } from "./retarget-trigger.ts";

export interface Traits {
  /** Between CREATE and ATTACH. */
  before: string[];
  /** Behind ATTACH: what it has only as a partition. */
  after: string[];
}

const onlyStates = { O: "ENABLE", D: "DISABLE", R: "ENABLE REPLICA", A: "ENABLE ALWAYS" } as const;

/**
 * What `LIKE … INCLUDING ALL` does not bring, as statements that give a new table what its model has: comments, statistics,
 * privileges, triggers and their states, row security, publications, replica identity, owner.
 * @param of a partition, or the parent where it has none: of that only the triggers that are not cloned to partitions
 */
export function copyTraits(
  model: TableModel,
  of: "partition" | "parent",
  child: { schema: string; name: string },
): Traits {
  const table = quoteQualified(child.schema, child.name);
  const own = model.triggers.filter(
    ({ definition }) => of === "partition" || / FOR EACH STATEMENT /.test(definition),
  );
  const triggers = own.flatMap(({ name, definition, enabled, comment }) => [
    retargetTrigger(definition, model, table),
    ...(enabled === "O"
      ? []
      : [`ALTER TABLE ${table} ${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`]),
    ...(comment === null
      ? []
      : [`COMMENT ON TRIGGER ${quoteIdentifier(name)} ON ${table} IS ${quoteText(comment)}`]),
  ]);
  const states = model.clonedTriggers.map(
    ({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`,
  );
  const cloned = states.length > 0 ? [`ALTER TABLE ${table} ${states.join(", ")}`] : [];
  if (of === "parent") return { before: triggers, after: alwaysAbove(model, table) };
  return {
    before: [
      ...columnStatements(model, table),
      ...(model.comment === null ? [] : [`COMMENT ON TABLE ${table} IS ${quoteText(model.comment)}`]),
      ...triggers,
      ...policyStatements(model, table, child.name),
      ...privilegeStatements(model, table),
      ...publicationStatements(model, table),
      ...(model.owner === model.maker
        ? []
        : [`ALTER TABLE ${table} OWNER TO ${quoteIdentifier(model.owner)}`]),
    ],
    after: [...cloned, ...identityStatements(model, table)],
  };
}

/** The parent's row triggers are cloned, and stay on always where they are so there. */
function alwaysAbove(model: TableModel, table: string): string[] {
  const states = model.triggers
    .filter(({ definition, enabled }) => enabled !== "O" && / FOR EACH ROW /.test(definition))
    .map(({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`);
  const cloned = model.clonedTriggers.map(
    ({ name, enabled }) => `${onlyStates[enabled]} TRIGGER ${quoteIdentifier(name)}`,
  );
  const all = [...states, ...cloned];
  return all.length > 0 ? [`ALTER TABLE ${table} ${all.join(", ")}`] : [];
}

function columnStatements({ columns }: TableModel, table: string): string[] {
  return columns.flatMap(({ name, statistics, options, comment, commentAbove }) => {
    const column = quoteIdentifier(name);
    return [
      ...(statistics === null
        ? []
        : [`ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS ${statistics}`]),
      ...(options === null
        ? []
        : [`ALTER TABLE ${table} ALTER COLUMN ${column} SET (${options.map(setting).join(", ")})`]),
      ...(comment === commentAbove
        ? []
        : [`COMMENT ON COLUMN ${table}.${column} IS ${comment === null ? "NULL" : quoteText(comment)}`]),
    ];
  });
}

/** `fillfactor=70` as it stands in WITH (…). */
export function setting(option: string): string {
  const [name = "", ...value] = option.split("=");
  return `${name} = ${quoteText(value.join("="))}`;
}

function policyStatements(model: TableModel, table: string, childName: string): string[] {
  const renamed = (expression: string) => renameReferences(expression, model.name, childName);
  return [
    ...(model.rowSecurity ? [`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`] : []),
    ...(model.forceRowSecurity ? [`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`] : []),
    ...model.policies.map(({ name, permissive, command, roles, using, check }) =>
      [
        `CREATE POLICY ${quoteIdentifier(name)} ON ${table} AS ${permissive ? "PERMISSIVE" : "RESTRICTIVE"} FOR ${command}`,
        `TO ${roles.map((role) => (role === null ? "PUBLIC" : quoteIdentifier(role))).join(", ")}`,
        ...(using === null ? [] : [`USING (${renamed(using)})`]),
        ...(check === null ? [] : [`WITH CHECK (${renamed(check)})`]),
      ].join(" "),
    ),
  ];
}

function publicationStatements({ publications }: TableModel, table: string): string[] {
  return publications.map(({ name, columns, condition }) => {
    const listed = columns === null ? "" : ` (${columns.map(quoteIdentifier).join(", ")})`;
    const where = condition === null ? "" : ` WHERE (${condition})`;
    return `ALTER PUBLICATION ${quoteIdentifier(name)} ADD TABLE ONLY ${table}${listed}${where}`;
  });
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
