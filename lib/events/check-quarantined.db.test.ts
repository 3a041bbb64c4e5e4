import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { findingsOf } from "../testing/look.ts";
import { quarantined } from "./check-quarantined.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let reader: AuditDb;
  let nobody: AuditDb;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    const open = async (groups: string[]) =>
      connect({ target: "t", urls: { watch: await database.login(groups) }, logger: quiet });
    [reader, nobody] = [await open(["audit_reader"]), await open([])];
  });
  afterAll(async () => {
    await Promise.all([reader?.close(), nobody?.close()]);
    await database?.drop();
  });

  const findingsFor = async (audit: AuditDb) => {
    await audit.dropAnswers({ tags: ["*"] });
    return findingsOf([quarantined], { audit });
  };

  test("nothing quarantined is no finding, something is, and resolved is none again", async () => {
    expect(await findingsFor(reader)).toEqual([]);
    const id = randomUUID();
    await database.sql`
      insert into audit_quarantine (id, occurred_at, recorded_at, organization_id, action, status, event_version,
        data_classification, retention_policy, details, leaf_version, leaf, reason)
      values (${id}, now(), now(), 'acme', 'report.read', 'success', 1, 'INTERNAL', 'nowhere', '{}', 0, '', 'unknown_policy')`;
    expect(await findingsFor(reader)).toMatchObject([
      {
        check: "events.quarantined",
        severity: "warning",
        title: "1 event waits in quarantine (unknown policy).",
        path: "events?view=quarantine",
      },
    ]);
    await database.sql`update audit_quarantine set resolved_at = now(), resolution = 'dropped' where id = ${id}`;
    expect(await findingsFor(reader)).toEqual([]);
  });

  test("not allowed to look is a finding with the grant", async () => {
    expect(await findingsFor(nobody)).toMatchObject([
      {
        severity: "notice",
        unavailable: { code: "no_grant", enable: expect.stringContaining("GRANT audit_reader") },
      },
    ]);
  });
});
