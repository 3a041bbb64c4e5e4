import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import type { ActualGrant, AuditTable, GroupRole } from "./get-grants.ts";
import { promisedGrants, promisedOwner, readableByOthers } from "./promised-grants.ts";

/** One way in which a table or role differs from what is promised, and the statement that ends it. */
export interface Drift {
  /** Completes "public.audit_log: …", e.g. `audit_reader has UPDATE`. */
  what: string;
  remedy: string;
}

const groupRoles = new Set(["audit_writer", "audit_reader", "audit_maintainer", "audit_privacy"]);

export function findTableDrift(table: AuditTable, all: readonly ActualGrant[]): Drift[] {
  const name = quoteQualified(table.schema, table.name);
  const grants = all.filter((grant) => grant.table === table.oid);
  const owner: Drift[] =
    table.owner === promisedOwner
      ? []
      : [
          {
            what: `${table.owner} owns it, not ${promisedOwner}`,
            remedy: `ALTER TABLE ${name} OWNER TO ${promisedOwner};`,
          },
        ];
  return [
    ...owner,
    ...grants.flatMap((grant) => excess(table, name, grant)),
    ...lacking(table, name, grants),
  ];
}

function excess(table: AuditTable, name: string, grant: ActualGrant): Drift[] {
  const { role, privilege, columns, grantable } = grant;
  const promised = table.partition
    ? undefined
    : promisedGrants.find(
        (each) => each.table === table.name && each.role === role && each.privilege === privilege,
      );
  const grantee = role === "PUBLIC" ? role : quoteIdentifier(role);
  const drift = (extra: readonly string[] | null): Drift => ({
    what: `${role} has ${privilege}${listed(extra)}`,
    remedy: `REVOKE ${privilege}${listed(extra, quoteIdentifier)} ON ${name} FROM ${grantee};`,
  });
  if (!promised) {
    const reads = privilege === "SELECT" && readableByOthers.includes(table.name) && !table.partition;
    const other = !groupRoles.has(role) && role !== "PUBLIC";
    return reads && other && !grantable ? [] : [drift(columns)];
  }
  const allowed = promised.columns;
  const extra = allowed && (columns === null ? null : columns.filter((column) => !allowed.includes(column)));
  const beyond = allowed !== null && (extra === null || extra.length > 0) ? [drift(extra)] : [];
  // Revoking a privilege on the whole table takes it from its columns too.
  if (allowed !== null && extra === null && beyond[0])
    beyond[0].remedy += ` GRANT ${privilege}${listed(allowed, quoteIdentifier)} ON ${name} TO ${grantee};`;
  if (!grantable) return beyond;
  return [
    ...beyond,
    {
      what: `${role} may pass ${privilege} on`,
      remedy: `REVOKE GRANT OPTION FOR ${privilege}${listed(columns, quoteIdentifier)} ON ${name} FROM ${grantee};`,
    },
  ];
}

function lacking(table: AuditTable, name: string, grants: readonly ActualGrant[]): Drift[] {
  return promisedGrants.flatMap(({ role, privilege, columns, ...promised }) => {
    if (table.partition || promised.table !== table.name) return [];
    const held = grants.filter((grant) => grant.role === role && grant.privilege === privilege);
    if (held.some((grant) => grant.columns === null)) return [];
    const missing =
      columns?.filter((column) => !held.some((grant) => grant.columns?.includes(column))) ?? null;
    if (missing?.length === 0) return [];
    return [
      {
        what: `${role} lacks ${privilege}${listed(missing)}`,
        remedy: `GRANT ${privilege}${listed(missing, quoteIdentifier)} ON ${name} TO ${role};`,
      },
    ];
  });
}

export function findRoleDrift({ name, usesSchema, attributes, memberOf }: GroupRole): Drift[] {
  return [
    ...attributes.map((attribute) => ({
      what: `it has ${attribute}`,
      remedy: `ALTER ROLE ${name} NO${attribute};`,
    })),
    ...memberOf.map((group) => ({
      what: `it is a member of ${group}`,
      remedy: `REVOKE ${quoteIdentifier(group)} FROM ${name};`,
    })),
    ...(usesSchema
      ? []
      : [{ what: "it lacks USAGE on schema public", remedy: `GRANT USAGE ON SCHEMA public TO ${name};` }]),
  ];
}

function listed(columns: readonly string[] | null, write = (column: string) => column): string {
  return columns === null ? "" : ` (${columns.map(write).join(", ")})`;
}
