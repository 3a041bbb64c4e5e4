import type { Row, Sql } from "postgres";
import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { signInWithPassword } from "../auth/sign-in.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { ActionResult } from "../result.ts";
import type { AdminAction } from "../verbs/admin-action.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { addActor, createConsole } from "./people.ts";

/** A console with one administrator, and the ways tests act in it and look at what it recorded. */
export interface Administration {
  console: ConsoleDb;
  /** Of the console's database. */
  url: string;
  sql: Sql;
  admin: Actor;
  run<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    actor: Actor | null,
    input: unknown,
    typed?: string,
  ): Promise<ActionResult<T>>;
  /** As `run`, for what must go well. */
  succeed<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    actor: Actor,
    input: unknown,
    typed?: string,
  ): Promise<T>;
  /** As `run`: "ok", or the code of the error. */
  codeOf<I extends z.ZodType, T, K extends z.ZodType>(
    action: AdminAction<I, T, K>,
    actor: Actor | null,
    input: unknown,
    typed?: string,
  ): Promise<string>;
  /** The newest activity row of an action, with its audit event. */
  lastActivity(action: string): Promise<Row | undefined>;
  signIn(email: string, secret: string): Promise<{ sessionId: string }>;
  close(): Promise<void>;
}

export async function startAdministration(): Promise<Administration> {
  const { test, console, drop } = await createConsole();
  const run: Administration["run"] = async (action, actor, input, typed) => {
    const result = await runAdminAction(action, { console, actor, auditTargets: ["audit"] }, input, typed);
    // What the API promises of an answer is what every test of a verb gets.
    if (result.ok && !result.awaitsApproval) action.answer?.parse(result.data);
    return result;
  };
  return {
    console,
    url: test.url,
    sql: test.sql,
    admin: await addActor(console, "admin"),
    run,
    async succeed(action, actor, input, typed) {
      const result = await run(action, actor, input, typed);
      if (!result.ok) throw new Error(`${action.name}: ${result.error.code} ${result.error.message}`);
      return result.data;
    },
    async codeOf(action, actor, input, typed) {
      const result = await run(action, actor, input, typed);
      return result.ok ? "ok" : result.error.code;
    },
    async lastActivity(action) {
      const [row] = await test.sql`
        select a.*, o.payload from activity a left join outbox o using (id)
        where a.action = ${action} order by a.id desc limit 1`;
      return row;
    },
    signIn: (email, secret) =>
      signInWithPassword(
        { console, auditTargets: [] },
        { email, password: secret, ip: null, userAgent: null },
      ),
    close: drop,
  };
}
