import { randomBytes } from "node:crypto";
import type { Actor } from "../auth/actor.ts";
import { refreshClocks } from "../requests/clock/refresh-clocks.ts";
import { lifeVerbs } from "../requests/life/verbs.ts";
import { requireRequest } from "../requests/read-request.ts";
import { readTimeline } from "../requests/read-timeline.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { type PrivacyWorld, startPrivacyWorld } from "./privacy-world.ts";
import { moveTestRequest, openTestRequest } from "./requests.ts";

type LifeVerbs = typeof lifeVerbs;

/** A privacy world in which verbs of requests are done at moments of one's own. */
export interface LifeWorld extends PrivacyWorld {
  /** A request that was received on a day, of a controller in Berlin. @returns its number */
  received(on: string, kind?: "access" | "erasure" | "portability"): Promise<number>;
  /** Does a verb at a moment, or at noon of a day; the officer does it, unless somebody else is given. */
  at(when: string, name: keyof LifeVerbs, input: object, actor?: Actor): ReturnType<typeof runAdminAction>;
  standing(number: number): Promise<{
    state: string;
    dueAt: string | null;
    standing: string | null;
    version: number;
  }>;
  /** Of its timeline: the state that each move led to, or what else happened. */
  kinds(number: number): Promise<(string | null)[]>;
}

const berlin = { country: "DE", region: null, timeZone: "Europe/Berlin" };
export const noon = (day: string) => new Date(`${day}T12:00:00Z`);

export async function startLifeWorld(): Promise<LifeWorld> {
  const world = await startPrivacyWorld(18, { worker: false });
  const { console, officer, sql } = world;
  return {
    ...world,
    async received(on, kind = "access") {
      const person = `person-${randomBytes(4).toString("hex")}`;
      const { number } = await openTestRequest(world, { kind, person });
      const set = { ...berlin, regime: "eu" as const, receivedAt: noon(on) };
      await moveTestRequest(world, number, "received", { set });
      await sql`
        update privacy_request_event set at = ${noon(on)}
        where request_id = (select id from privacy_request where number = ${number})`;
      await refreshClocks(console, noon(on));
      return number;
    },
    at(when, name, input, actor = officer) {
      const context = { console, actor, auditTargets: ["eu", "us"], program: true as const };
      const now = when.includes("T") ? new Date(when) : noon(when);
      return runAdminAction(lifeVerbs[name] as never, { ...context, now }, input);
    },
    async standing(number) {
      const { state, dueAt, standing, version } = await requireRequest(console.db, number);
      return { state, dueAt: dueAt?.toISOString() ?? null, standing, version };
    },
    async kinds(number) {
      const { id } = await requireRequest(console.db, number);
      return (await readTimeline(console.db, id)).map(({ kind, to }) => (kind === "moved" ? to : kind));
    },
  };
}
