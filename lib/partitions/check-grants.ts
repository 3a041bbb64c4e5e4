import { answerOf } from "../answer-of.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type CheckAnswer, type CheckObject, cannotJudge, defineCheck, type ObjectState } from "../check.ts";
import { quoteQualified } from "../quote-sql.ts";
import { noAuditSchema } from "./check-guard-triggers.ts";
import { type Drift, findRoleDrift, findTableDrift } from "./find-grant-drift.ts";
import { getGrants } from "./get-grants.ts";
import { promisedTables } from "./promised-grants.ts";

const told = 3;

async function judgeGrants(audit: AuditDb): Promise<CheckAnswer> {
  const { data } = await getGrants(audit);
  if (data === null)
    return cannotJudge(
      "No audit schema whose grants are known.",
      noAuditSchema((await audit.server()).database),
    );
  const absent = promisedTables.filter((name) => !data.tables.some((table) => table.name === name));
  if (absent.length > 0 || !data.current)
    return cannotJudge("The grants cannot be compared.", {
      code: "not_installed",
      reason: `${absent.join(", ") || "The column salts"} is not there: the audit schema is older than this program.`,
      enable: "audit-db migrate --url OWNER_URL",
    });
  const { database } = data;
  return answerOf([
    ...data.tables.map((table) => {
      const { oid, schema, name } = table;
      const object = { kind: "relation", database, schema, name, oid } as const;
      return describe(object, quoteQualified(schema, name), findTableDrift(table, data.grants));
    }),
    ...data.roles.map((role) =>
      describe({ kind: "role", name: role.name }, `Role ${role.name}`, findRoleDrift(role)),
    ),
  ]);
}

function describe(object: CheckObject, name: string, drifts: readonly Drift[]): ObjectState {
  const more = drifts.length > told ? `; and ${drifts.length - told} more` : "";
  return {
    object,
    state: drifts.length > 0 ? "critical" : "ok",
    value: drifts.length,
    threshold: null,
    since: null,
    words:
      drifts.length > 0
        ? {
            title: `${name}: ${drifts
              .slice(0, told)
              .map(({ what }) => what)
              .join("; ")}${more}.`,
            detail: `These are not the rights that the audit log rests on (docs/permissions.md). As the owner or a superuser: ${drifts.map(({ remedy }) => remedy).join(" ")}`,
          }
        : { title: `${name} has the rights it was made with.`, detail: "None is missing, none was added." },
  };
}

export const grantDrift = defineCheck({
  id: "partitions.grant_drift",
  source: "pg_class.relacl, pg_attribute.attacl, pg_auth_members",
  why: "Rights that nobody promised are critical at once: what was done with them cannot be taken back.",
  title: "Grants of the audit schema changed",
  unit: "count",
  path: "partitions",
  needs: "The audit schema.",
  guarded: true,
  thresholds: null,
  optional: true,
  runbook:
    "A table of the audit schema, or one of its four group roles, has more or fewer rights than docs/permissions.md lists: a role that may change events, one that may read more than its purpose needs, a partition that is reached past audit_log, or a writer that will be refused. Rights that were added are the urgent ones: revoke them, find the GRANT in the server's log, and see what the role did meanwhile. SELECT for a further role on the tables that hold events is no drift; the explain role has it.",
  evaluate: ({ audit }) => judgeGrants(audit),
});
