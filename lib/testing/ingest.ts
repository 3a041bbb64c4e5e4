import { POST } from "@/app/api/v1/targets/[target]/events/route";
import { adminActions } from "../admin.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { systemActor } from "../auth/actor.ts";
import type { TokenScope } from "../auth/tokens.ts";
import { closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import { closeVault } from "../key-store/open-vault.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { createTestVault } from "./vault.ts";

interface Sent {
  /** The secret of the token that appends, unless given otherwise; "" for none. */
  token?: string | undefined;
  headers?: Record<string, string>;
  target?: string;
}

/** The target `audit` with its console, tokens for both, and the route that takes events. */
export interface Ingest {
  audit: TestDatabase;
  /** `other` appends to another target; `revoked` is one that a test revokes. */
  secrets: Record<TokenScope | "other" | "revoked", string>;
  post(body: BodyInit, sent?: Sent): Promise<Response>;
  /** How many events of an organization are stored. */
  stored(organization: string): Promise<number | undefined>;
  /** Revokes the token with this secret. */
  revoke(secret: string): Promise<void>;
  close(): Promise<void>;
}

export async function startIngest(): Promise<Ingest> {
  const [audit, keys] = await Promise.all([createDatabase({ template: "audit" }), createTestVault()]);
  replaceEnv({
    AUDIT_DATABASE_URL: await audit.login(["pg_monitor"]),
    AUDIT_WRITER_URL: await audit.login(["audit_writer"]),
    CONSOLE_DATABASE_URL: keys.console.url,
    MASTER_KEY_FILE: keys.masterKeyFile,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
    INGEST_EVENTS_PER_SECOND: "1000",
  });
  const secrets = {
    append: await makeToken("append"),
    read: await makeToken("read"),
    operate: await makeToken("operate"),
    privacy: await makeToken("privacy"),
    admin: await makeToken("admin"),
    other: await makeToken("append", ["other"]),
    revoked: await makeToken("append"),
  };
  return {
    audit,
    secrets,
    post(body, { token = secrets.append, headers, target = "audit" } = {}) {
      const request = new Request("http://console/", {
        method: "POST",
        body,
        // Demanded for a body that is a stream; the types of the DOM do not know it.
        ...({ duplex: "half" } as object),
        headers: {
          "content-type": "application/json",
          ...(token && { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      return POST(request, { params: Promise.resolve({ target }) });
    },
    async revoke(secret) {
      await keys.console.sql`update api_tokens set revoked_at = now() where prefix = ${secret.slice(0, 10)}`;
    },
    async stored(organization) {
      const [row] = await audit.sql<{ n: number }[]>`
        select count(*)::int as n from audit_log where organization_id = ${organization}`;
      return row?.n;
    },
    async close() {
      await closeTargets();
      await closeVault();
      await closeConsoleDb();
      await Promise.all([audit.drop(), keys.drop()]);
    },
  };
}

async function makeToken(scope: TokenScope, targets?: string[]): Promise<string> {
  const context = { console: consoleDb(), actor: systemActor("test"), auditTargets: [] };
  const made = await runAdminAction(adminActions.createToken, context, {
    name: scope,
    scopes: [scope],
    targets,
  });
  if (!made.ok) throw new Error(made.error.message);
  return made.data.secret;
}

/** The least an event needs, and `more`. */
export const event = (more: object = {}) => ({
  organizationId: "o",
  action: "a.b",
  status: "success",
  ...more,
});
