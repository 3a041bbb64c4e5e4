import { z } from "zod";
import { can } from "../auth/roles.ts";
import { AppError } from "../errors.ts";
import { defineRead } from "../read.ts";
import { getSessions } from "./get-sessions.ts";
import { getTokens } from "./get-tokens.ts";
import { getUsers } from "./get-users.ts";

/** Reads of the console's own accounts; the target plays no part. */
export const accountsReads = {
  users: defineRead({
    role: "admin",
    input: z.strictObject({}),
    run: async ({ console, now }) => ({
      data: await getUsers(console, now),
      observedAt: now,
      source: "console: users",
    }),
  }),
  /** An administrator sees all, a privacy officer their own. */
  apiTokens: defineRead({
    role: "privacy_officer",
    input: z.strictObject({}),
    run: async ({ console, actor, now }) => ({
      data: await getTokens(console, actor, now),
      observedAt: now,
      source: "console: api_tokens",
    }),
  }),
  /** Everybody sees their own sessions; `all` is the administrator's. */
  sessions: defineRead({
    role: "viewer",
    input: z.strictObject({ whose: z.enum(["own", "all"]).default("own") }),
    run: async ({ console, actor, now }, { whose }) => {
      if (whose === "all" && !can(actor.role, "admin")) {
        throw new AppError("FORBIDDEN", "Only an administrator sees other people's sessions.");
      }
      return {
        data: await getSessions(console, actor, whose, now),
        observedAt: now,
        source: "console: sessions",
      };
    },
  }),
};
