import postgres, { type Sql } from "postgres";
import { connect } from "../audit-db/connect.ts";
import type { EngineLogger } from "../audit-db/engine-logger.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { CarriedState, CarryOutOptions } from "../partition-plan/carried-state.ts";
import { carryOut } from "../partition-plan/carry-out.ts";
import { makePlan } from "../partition-plan/make-plan.ts";
import { type PlanRequestInput, planRequest } from "../partition-plan/request.ts";
import type { Plan } from "../partition-plan/types.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

const silent: EngineLogger = { debug() {}, info() {}, warn() {}, error() {} };

/** A database whose partitions are planned for and worked on. */
export interface Tended {
  database: TestDatabase;
  audit: AuditDb;
  /** As the owner of the tables. */
  owner: Sql;
  plan(request: PlanRequestInput, lockTimeoutMs?: number): Promise<Plan>;
  /** Carries it out without trying again what is contended; answers each step's outcome and why, in a line. */
  carry(plan: Plan, options?: Partial<CarryOutOptions>): Promise<string[]>;
  /** Words of the refusals. */
  refusals(request: PlanRequestInput): Promise<string[]>;
  close(): Promise<void>;
}

export async function startTended(server: 15 | 18, template: "empty" | "audit"): Promise<Tended> {
  const database = await createDatabase({ server, template });
  await database.sql`grant create, usage on schema public to audit_maintainer`;
  const [watch, maintenance] = [
    await database.login(["pg_monitor"]),
    await database.login(["audit_maintainer"]),
  ];
  const audit = connect({ target: "t", urls: { watch, maintenance }, logger: silent });
  const owner = postgres(database.url, { max: 1, onnotice: () => {} });
  await owner`set role audit_maintainer`;
  const plan: Tended["plan"] = (request, lockTimeoutMs = 200) =>
    makePlan({ audit, now: new Date() }, planRequest.parse(request), lockTimeoutMs);
  return {
    ...{ database, audit, owner, plan },
    async carry(planned, options = {}) {
      const outcomes = await carryOut({
        ...{
          audit,
          plan: JSON.parse(JSON.stringify(planned)),
          until: new Date(),
          jobId: crypto.randomUUID(),
        },
        ...{ checkpoint: async () => {}, progress() {}, log() {}, signal: new AbortController().signal },
        ...options,
      });
      return outcomes.map(({ words, outcome, why }) => `${words}: ${outcome}${why ? `. ${why}` : ""}`);
    },
    refusals: async (request) =>
      (await plan(request)).refusals.map(({ outcome, words }) => `${outcome}: ${words}`),
    async close() {
      await owner.end();
      await audit.close();
      await database.drop();
    },
  };
}

/** Keeps what a run noted last, as a job's checkpoint would. */
export function keepCheckpoint(): {
  restored(): CarriedState | null;
  checkpoint(state: CarriedState): Promise<void>;
} {
  let kept: string | null = null;
  return {
    restored: () => (kept === null ? null : JSON.parse(kept)),
    checkpoint: async (state) => {
      kept = JSON.stringify(state);
    },
  };
}
