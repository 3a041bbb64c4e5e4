import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { planCreate } from "../partition-plan/planners/plan-create.ts";
import { type PlanRequest, planRequest } from "../partition-plan/request.ts";
import { stepKind } from "../partition-plan/steps.ts";
import type { Draft } from "../partition-plan/types.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A database whose tables are given partitions by plans, run as their owner, statement by statement. */
export interface Planned {
  database: TestDatabase;
  audit: AuditDb;
  /** @param request of the verb create; `now` a moment as ISO */
  plan(request: Record<string, unknown>, now: string): Promise<Draft>;
  /** Carries every step out, each in one transaction; answers the names of the tables made. */
  carryOut(draft: Draft): Promise<string[]>;
  /** Runs on a session of a superuser and hears what the server says to DEBUG1. */
  listen(heard: string[], run: (sql: Sql) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startPlanned(server: 15 | 18, template: "audit" | "empty" = "empty"): Promise<Planned> {
  const database = await createDatabase({ server, template });
  const watch = await database.login(["pg_monitor"]);
  const audit = connect({ target: "t", urls: { watch, maintenance: database.url }, logger: silent });
  return {
    database,
    audit,
    plan: (request, now) =>
      planCreate(
        { audit, now: new Date(now), lockTimeoutMs: 200 },
        planRequest.parse({ verb: "create", ...request }) as Extract<PlanRequest, { verb: "create" }>,
      ),
    async carryOut({ table, steps }) {
      const made: string[] = [];
      for (const { kind, params } of steps) {
        const step = stepKind(kind);
        await database.sql.begin(async (sql) => {
          const [root] = await sql<{ owner: string }[]>`
            select pg_get_userbyid(relowner) as owner
            from pg_class where relname = ${table.name} and relnamespace = (select oid from pg_namespace where nspname = ${table.schema})`;
          await sql`set local role ${sql(root?.owner ?? "")}`;
          for (const statement of step.plan(params).sql) await sql.unsafe(statement);
        });
        const looked = await step.look(database.sql, params);
        if (looked !== "done") throw new Error(`${kind} is ${looked}`);
        made.push((params as { child: { name: string } }).child.name);
      }
      return made;
    },
    async listen(heard, run) {
      const sql = postgres(database.url, {
        max: 1,
        onnotice: ({ message }) => heard.push(message ?? ""),
        connection: { client_min_messages: "debug1" },
      });
      try {
        await run(sql);
      } finally {
        await sql.end();
      }
    },
    async close() {
      await audit.close();
      await database.drop();
    },
  };
}
