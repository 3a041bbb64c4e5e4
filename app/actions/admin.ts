"use server";

import type { z } from "zod";
import { currentActor } from "@/app/session";
import { adminActions } from "@/lib/admin";
import { type AdminAction, runAdminAction } from "@/lib/auth/admin-action";
import { consoleDb } from "@/lib/db/console-db";
import { env } from "@/lib/env";
import type { ActionResult } from "@/lib/result";
import { actionFailure } from "./action-failure";

async function run<Input extends z.ZodType, T>(
  action: AdminAction<Input, T>,
  input: unknown,
  confirmation?: string,
): Promise<ActionResult<T>> {
  try {
    const actor = await currentActor();
    const auditTargets = env().targets.map((target) => target.name);
    return await runAdminAction(action, { console: consoleDb(), actor, auditTargets }, input, confirmation);
  } catch (thrown) {
    return actionFailure(thrown, action.name);
  }
}

type In<A extends keyof typeof adminActions> = z.input<(typeof adminActions)[A]["input"]>;

export async function createUser(input: In<"createUser">) {
  return run(adminActions.createUser, input);
}

export async function setUserRole(input: In<"setUserRole">) {
  return run(adminActions.setUserRole, input);
}

export async function disableUser(input: In<"disableUser">, typed?: string) {
  return run(adminActions.disableUser, input, typed);
}

export async function enableUser(input: In<"enableUser">) {
  return run(adminActions.enableUser, input);
}

export async function resetPassword(input: In<"resetPassword">) {
  return run(adminActions.resetPassword, input);
}

export async function changePassword(input: In<"changePassword">) {
  return run(adminActions.changePassword, input);
}

export async function createToken(input: In<"createToken">) {
  return run(adminActions.createToken, input);
}

export async function revokeToken(input: In<"revokeToken">, typed?: string) {
  return run(adminActions.revokeToken, input, typed);
}

export async function revokeSession(input: In<"revokeSession">) {
  return run(adminActions.revokeSession, input);
}

export async function revokeOtherSessions() {
  return run(adminActions.revokeOtherSessions, {});
}

export async function revealEvent(input: In<"revealEvent">) {
  return run(adminActions.revealEvent, input);
}

export async function replayQuarantined(input: In<"replayQuarantined">) {
  return run(adminActions.replayQuarantined, input);
}

export async function dropAnswers(input: In<"dropAnswers">) {
  return run(adminActions.dropAnswers, input);
}

export async function planStatement(input: In<"planStatement">) {
  return run(adminActions.planStatement, input);
}
