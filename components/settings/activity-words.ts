import type { ActivityRow } from "@/lib/activity/get-activity.ts";
import { roleNames } from "@/lib/client/roles.ts";
import type { Role } from "@/lib/env/sign-in-variables.ts";

/** Done, and only tried. */
const verbs: Record<string, [done: string, tried: string]> = {
  "sign-in.password": ["signed in", "sign in"],
  "sign-in.oidc": ["signed in through single sign-on", "sign in through single sign-on"],
  "sign-in.lock-out": ["was locked out", "sign in too often with a wrong password, and is locked out"],
  "sign-out": ["signed out", "sign out"],
  "user.create": ["created the account", "create the account"],
  "user.set-role": ["changed the role of", "change the role of"],
  "user.disable": ["disabled", "disable"],
  "user.enable": ["enabled", "enable"],
  "user.reset-password": ["reset the password of", "reset the password of"],
  "password.change": ["changed their password", "change their password"],
  "token.create": ["made the API token", "make the API token"],
  "token.revoke": ["revoked the API token", "revoke the API token"],
  "session.reauthenticate": ["proved who they are", "prove who they are"],
  "approval.request": ["asked for an approval of", "ask for an approval of"],
  "approval.approve": ["approved", "approve"],
  "approval.refuse": ["refused the request for", "refuse the request for"],
  "approval.withdraw": ["withdrew the request for", "withdraw the request for"],
  "approval.expire": ["let the request expire for", "let the request expire for"],
  "approval.fail": ["ran what was approved:", "run what was approved:"],
  "master_key.rotate": ["replaced the master key", "replace the master key"],
  "signing_key.create": ["made the first signing key", "make the first signing key"],
  "signing_key.rotate": ["replaced the signing key", "replace the signing key"],
  "statement.plan": ["asked for the plan of the statement", "ask for the plan of the statement"],
  "job.cancel": ["cancelled the job", "cancel the job"],
  "job.retry": ["retried the job", "retry the job"],
  "schedule.pause": ["paused the schedule", "pause the schedule"],
  "schedule.resume": ["resumed the schedule", "resume the schedule"],
  "check.set-threshold": ["set the limits of", "set the limits of"],
  "check.set-guarded": ["set the guarded limits of", "set the guarded limits of"],
  "check.reset-threshold": ["reset the limits of", "reset the limits of"],
  "session.revoke": ["ended a session of", "end a session of"],
  "session.revoke-others": ["ended their other sessions", "end their other sessions"],
};
/** Verbs that say it all without an object. */
const alone = new Set([
  "sign-in.password",
  "sign-in.oidc",
  "sign-out",
  "password.change",
  "session.revoke-others",
  "session.reauthenticate",
]);

/** "changed the role of ann@example.test from Viewer to Operator": what happened, after its actor's name. */
export function activityWords(
  row: Pick<ActivityRow, "action" | "outcome" | "objectName" | "detail">,
): string {
  const { action, outcome, objectName, detail } = row;
  const plain = action.replace(".", " ").replaceAll("-", " ");
  const [done, tried] = verbs[action] ?? [`did ${plain}`, plain];
  const name = objectName ?? (typeof detail.user === "string" ? detail.user : null);
  if (outcome !== "success") {
    const as = action.startsWith("sign-in") && name ? ` as ${name}` : "";
    return `tried to ${tried}${as || (name && !alone.has(action) ? ` ${name}` : "")}`;
  }
  const object = name && !alone.has(action) ? ` ${name}` : "";
  if (isRole(detail.from) && isRole(detail.to))
    return `${done}${object} from ${roleNames[detail.from]} to ${roleNames[detail.to]}`;
  return `${done}${object}${action === "user.create" && isRole(detail.role) ? ` as ${roleNames[detail.role]}` : ""}`;
}

function isRole(value: unknown): value is Role {
  return typeof value === "string" && value in roleNames;
}
