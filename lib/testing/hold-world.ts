import { createHash } from "node:crypto";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { HoldScope } from "../holds/hold-scope.ts";
import type { GateContext } from "../holds/types.ts";
import { type Administration, startAdministration } from "./administration.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A console and a target whose events name people by tokens, with the vault's rows for these. */
export interface HoldWorld {
  administration: Administration;
  database: TestDatabase;
  audit: AuditDb;
  urls: { watch: string; read: string; write: string };
  gate: GateContext;
  /** Makes the vault know somebody by a token. @returns the subject's id, the same for the same name */
  addToken(subject: string, token: string): Promise<string>;
  /** Writes a hold as if it had been placed. @returns its id */
  addHold(hold: { scope?: HoldScope; subject?: string | null; name?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startHoldWorld(server: 15 | 18, since?: Date): Promise<HoldWorld> {
  const [administration, database] = await Promise.all([
    startAdministration(),
    createDatabase({ server, template: "audit", ...(since && { since }) }),
  ]);
  const urls = {
    watch: await database.login(["pg_monitor"]),
    read: await database.login(["audit_reader"]),
    write: await database.login(["audit_writer"]),
  };
  const audit = connect({ target: "audit", urls, logger: silent });
  const { console, sql } = administration;
  return {
    administration,
    database,
    audit,
    urls,
    gate: { console, openTarget: (name) => (name === "audit" ? audit : undefined) },
    async addToken(subject, token) {
      const id = idOf(subject);
      await sql`insert into vault.subject (id) values (${id}) on conflict do nothing`;
      await sql`
        insert into vault.subject_key (token, key_id, wrapped_key, master_key_id, subject, target, policy)
        values (${token}, ${createHash("md5").update(token).digest()}, ${Buffer.alloc(60)}, 'test', ${id}, 'audit',
          ${token})`;
      return id;
    },
    async addHold({ scope = {}, subject = null, name = "Case" }) {
      const [row] = await sql`
        insert into legal_hold (id, name, reason, scope, subject, state, awaits, placed_by_name, placed_at, in_force_at)
        values (gen_random_uuid(), ${name}, 'as the case asks', ${sql.json(scope)}, ${subject}, 'in_force', '[]',
          'test', now(), now())
        returning id`;
      return row?.id;
    },
    async close() {
      await audit.close();
      await Promise.all([administration.close(), database.drop()]);
    },
  };
}

const idOf = (name: string) =>
  createHash("md5")
    .update(name)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
