import type { IncomingHttpHeaders } from "node:http";
import { ownPath } from "../auth/own-path.ts";
import { findInputProblem } from "./action-input.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { isApi, pathOf } from "./refuse-address.ts";

/** A page's reads and a form are a few kB, a thousand ids out of quarantine 40. The limit of next.config.mjs as well. */
const maxActionBytes = 65_536;

/** The whole answer to an action without a session. The browser throws it as an error's message: lib/client/reads.ts knows it. */
export const sessionEnded = "UNAUTHENTICATED";

/** Where route handlers answer POST. */
const routeHandlers = /^\/api\/(v1|auth)\/./;

/**
 * Refuses a server action whose body is not to be parsed: without a session, too large, or in a form that no page of
 * ours sends. Next parses first and asks later: 990 kB from a stranger took the one thread for 4 s. Null for what may
 * pass and for what is no action.
 * @param ask.hasSession whether the request's cookie opens a session that lives
 * @param ask.readBody the body of that many bytes, which stays there for whoever reads it next
 */
export async function refuseAction(
  request: { method: string; url: string; headers: IncomingHttpHeaders },
  { hasSession, readBody }: { hasSession(): Promise<boolean>; readBody(length: number): Promise<string> },
): Promise<Refusal | null> {
  const { method, url, headers } = request;
  if (method !== "POST" || isRouteHandler(pathOf(url))) return null;
  const action = headers["next-action"];
  if (action === undefined) return refuseForm(url);
  if (!(await hasSession())) return refusal(401, sessionEnded);
  if (typeof action !== "string" || !/^[0-9a-f]{40,64}$/.test(action))
    return refusal(400, "This is no action's id.");
  // Pages send text; React writes a form for values that no action of ours takes, and a form may have any number of fields.
  if (!/^text\/plain(;|$)/.test(headers["content-type"] ?? ""))
    return refusal(415, "An action's input is sent as text/plain.");
  const length = headers["content-length"];
  if (length === undefined) return refusal(411, "An action's input says its length.");
  if (Number(length) > maxActionBytes)
    return refusal(413, `An action's input has at most ${maxActionBytes} bytes.`);
  const problem = findInputProblem(await readBody(Number(length)));
  return problem === null ? null : refusal(400, `An action's input ${problem}.`);
}

/** Next resolves `..` in a path, and the page it leads to would run the action. */
function isRouteHandler(path: string): boolean {
  return routeHandlers.test(path) && new URL(path, "http://here").pathname === path;
}

/** Pages take no forms: whoever sent one before the page's script ran gets the page again. */
function refuseForm(url: string): Refusal {
  if (isApi(pathOf(url))) return refusal(405, "This method is not allowed here.", { allow: "GET, HEAD" });
  return refusal(303, "", { location: ownPath(url) ?? "/" });
}
