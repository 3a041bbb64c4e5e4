import { readFileSync } from "node:fs";
import path from "node:path";
import { world } from "./world.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** A page that bundles every action. */
export const actionPage = "/settings/sessions";

/** Every server action of the build by its name, with its id. */
export function actionIds(): Map<string, string> {
  const manifest = JSON.parse(
    readFileSync(path.join(root, ".next/server/server-reference-manifest.json"), "utf8"),
  ) as { node: Record<string, { exportedName: string }> };
  return new Map(Object.entries(manifest.node).map(([id, { exportedName }]) => [exportedName, id]));
}

/** Arguments as React sends them; text that begins with a dollar sign is told from its references. */
export function encodeArguments(given: unknown[]): string {
  return JSON.stringify(given, (_key, value) =>
    typeof value === "string" && value.startsWith("$") ? `$${value}` : value,
  );
}

/** The headers of an action's request, with a session's cookie if there is one. */
export function actionHeaders(id: string, cookie?: string): Record<string, string> {
  return {
    "next-action": id,
    "content-type": "text/plain;charset=UTF-8",
    accept: "text/x-component",
    origin: world().address,
    ...(cookie && { cookie }),
  };
}

/** Signs somebody in over HTTP and answers the cookie of the session. */
export async function sessionCookie(person: { email: string; password: string }): Promise<string> {
  const { address } = world();
  const asked = await fetch(`${address}/api/auth/csrf`);
  const { csrfToken } = (await asked.json()) as { csrfToken: string };
  const answered = await fetch(`${address}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: {
      cookie: cookiesOf(asked),
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ ...person, csrfToken, json: "true" }),
  });
  if (answered.status !== 200) throw new Error(`signing in: ${answered.status} ${await answered.text()}`);
  return cookiesOf(answered);
}

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
