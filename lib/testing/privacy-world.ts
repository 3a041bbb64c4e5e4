import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Row } from "postgres";
import { vi } from "vitest";
import type { z } from "zod";
import { adminActions } from "../admin.ts";
import type { EventInput } from "../audit-db/append/event-schema.ts";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import { closeTargets } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createMasterKeyFile } from "../audit-db/vault/file-master-keys.ts";
import type { Revealed } from "../audit-db/vault/types.ts";
import type { Actor } from "../auth/actor.ts";
import { type ConsoleDb, closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { replaceEnv } from "../env.ts";
import { closeVault } from "../key-store/open-vault.ts";
import { createEraseJob } from "../privacy/erasure/erase-job.ts";
import { redactJob } from "../privacy/redaction/redact-job.ts";
import type { ActionResult } from "../result.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { testKeyTtlMs } from "./key-ttl.ts";
import { addActor } from "./people.ts";
import { startTestJobs } from "./start-test-jobs.ts";

export const dayMs = 86_400_000;
export const targets = ["eu", "us"] as const;
export type WorldTarget = (typeof targets)[number];
/** A console with a vault over two targets, two privacy officers, and a worker that erases. */
export interface PrivacyWorld {
  console: ConsoleDb;
  consoleUrl: string;
  environment: Record<string, string>;
  sql: TestDatabase["sql"];
  databases: Record<WorldTarget, TestDatabase>;
  audit: Record<WorldTarget, AuditDb>;
  officer: Actor;
  second: Actor;
  viewer: Actor;
  /** What a verb answers. @throws where it fails */
  succeed<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    input: z.input<I>,
    actor?: Actor,
  ): Promise<T>;
  run<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    input: unknown,
    actor?: Actor,
  ): Promise<ActionResult<T>>;
  /** Asks as the officer, approves as the second. @returns what the verb answered */
  agreed<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    input: z.input<I>,
  ): Promise<unknown>;
  /** An event of a person so many days ago. @returns its key */
  append(
    target: WorldTarget,
    person: string,
    policy: string,
    daysAgo: number,
    more?: Partial<EventInput>,
  ): Promise<{ id: string; occurredAt: string }>;
  /** What a privacy officer is shown of an event's actor. */
  reveal(target: WorldTarget, key: { id: string; occurredAt: string }): Promise<Revealed | null | string>;
  erasures(): Promise<Row[]>;
  /** Waits until every job has ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const classification: Record<string, EventInput["dataClassification"]> = {
  minimal: "PUBLIC",
  phi: "PHI",
  confidential: "CONFIDENTIAL",
};

export interface PrivacyWorldOptions {
  worker?: boolean;
  since?: number;
  console?: 15 | 18;
  /** By which address a target is reached, where that is not its own. */
  reach?(target: WorldTarget, url: string): string;
}

export async function startPrivacyWorld(
  server: 15 | 18 = 18,
  options: PrivacyWorldOptions = {},
): Promise<PrivacyWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-privacy-"));
  const masterKeyFile = path.join(folder, "master-keys.json");
  createMasterKeyFile(masterKeyFile);
  const { reach = (_target, url) => url } = options;
  const since = options.since ?? Date.now() - 420 * dayMs;
  const [own, eu, us] = await Promise.all([
    createDatabase({ template: "console", server: options.console ?? 18 }),
    createDatabase({ template: "audit", server, since }),
    createDatabase({ template: "audit", server, since }),
  ]);
  const databases = { eu, us };
  const urls = await Promise.all(
    targets.map(async (name) => {
      const login = async (roles: string[]) => reach(name, await databases[name].login(roles));
      return [
        name,
        {
          database_url: await login(["pg_monitor", "audit_reader"]),
          writer_url: await login(["audit_writer"]),
          maintenance_url: await login(["audit_maintainer"]),
          privacy_url: await login(["audit_privacy"]),
        },
      ];
    }),
  );
  const environment = {
    AUDIT_DATABASES: JSON.stringify(Object.fromEntries(urls)),
    CONSOLE_DATABASE_URL: own.url,
    MASTER_KEY_FILE: masterKeyFile,
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    LOG_LEVEL: "silent",
  };
  replaceEnv(environment);
  const console = consoleDb();
  const audit = { eu: openConfiguredTarget("eu"), us: openConfiguredTarget("us") };
  const [officer, second, viewer] = await Promise.all([
    addActor(console, "privacy_officer"),
    addActor(console, "privacy_officer"),
    addActor(console, "viewer"),
  ]);
  const worker =
    options.worker === false
      ? undefined
      : startTestJobs(
          { console, url: own.url },
          [createEraseJob({ keyTtlMs: testKeyTtlMs }), redactJob],
          openConfiguredTarget,
        );

  const run: PrivacyWorld["run"] = async (action, input, actor = officer) => {
    const context = { console, actor, auditTargets: [...targets], program: true as const };
    const result = await runAdminAction(action, context, input);
    if (result.ok && !result.awaitsApproval) action.answer?.parse(result.data);
    return result;
  };
  const succeed: PrivacyWorld["succeed"] = async (action, input, actor) => {
    const result = await run(action, input, actor);
    if (!result.ok) throw new Error(`${action.name}: ${result.error.code} ${result.error.message}`);
    return result.data;
  };
  return {
    console,
    consoleUrl: own.url,
    environment,
    sql: own.sql,
    databases,
    audit,
    officer,
    second,
    viewer,
    run,
    succeed,
    async agreed(action, input) {
      const asked = (await succeed(action, input)) as { approvalId: string };
      const [row] = await own.sql`select digest from approval where id = ${asked.approvalId}`;
      const { answer } = await succeed(
        adminActions.approveRequest,
        { approvalId: asked.approvalId, digest: row?.digest },
        second,
      );
      return answer;
    },
    async append(target, person, policy, daysAgo, more = {}) {
      const at = Date.now() - daysAgo * dayMs;
      const key = { id: uuidV7(at), occurredAt: new Date(at).toISOString() };
      await audit[target].append([
        {
          ...key,
          organizationId: "o",
          action: "record.viewed",
          status: "success",
          retentionPolicy: policy,
          dataClassification: classification[policy] ?? "INTERNAL",
          actor: { id: person, name: `name of ${person}` },
          ...more,
        },
      ]);
      return key;
    },
    async reveal(target, key) {
      const input = { target, ...key, reason: "the person asked for it" };
      const result = await run(adminActions.revealEvent, input);
      return result.ok ? (result.data as { actor: Revealed | null }).actor : result.error.code;
    },
    erasures: async () => [
      ...(await own.sql`
        select target, policy, state, due_at, held_by, closed_at, destroyed_at, entry::int, token
        from erasure order by id`),
    ],
    async settled() {
      await vi.waitFor(
        async () => {
          const open = await own.sql`select name, state from job where state in ('waiting', 'running')`;
          if (open.length > 0) throw new Error(`${open[0]?.name} is ${open[0]?.state}`);
        },
        { timeout: 150_000, interval: 50 },
      );
    },
    async close() {
      await worker?.stop();
      await closeTargets();
      await closeVault();
      await closeConsoleDb();
      await Promise.all([own.drop(), eu.drop(), us.drop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
