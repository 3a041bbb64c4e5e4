import { z } from "zod";
import type { Actor } from "../../auth/actor.ts";
import { assertCan } from "../../auth/roles.ts";
import { watchPermission } from "../../auth/watch-permission.ts";
import { consoleDb } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { env } from "../../env.ts";
import { AppError, toAppError } from "../../errors.ts";
import { processLogger } from "../../log/process-logger.ts";
import { openDownload, sendPackage } from "../../requests/package/download-package.ts";
import { openBody } from "../export/open-body.ts";
import { parseQuery } from "../parse-query.ts";
import { thrownProblem } from "../problem.ts";

export const packageQuery = z.object({
  link: z
    .string("is missing: it is the secret of a link")
    .regex(/^[\w-]{43}$/, "must be the secret of a link")
    .meta({ description: "The secret of createPackageLink" }),
});
const numberInput = z.coerce.number().int().positive();

/**
 * Answers `GET /api/v1/privacy/requests/{number}/package?link=`: the encrypted archive, once. Whole when as many bytes came
 * as content-length says. HEAD takes nothing. Being turned away is on record. Never throws.
 */
export async function answerPackage(
  request: Request,
  { actor, number: given }: { actor: Actor | null; number: string },
): Promise<Response> {
  const console = consoleDb();
  const auditTargets = env().targets.map(({ name }) => name);
  const { data: number } = numberInput.safeParse(given);
  try {
    assertMayDownload(actor);
    const { link } = parseQuery(packageQuery, new URL(request.url).searchParams);
    if (number === undefined) throw new AppError("NOT_FOUND", "There is no such request.");
    const download = await openDownload(console, number, link, new Date());
    const headers = {
      "content-type": "application/zip",
      "content-length": String(download.pack.bytes),
      "content-disposition": `attachment; filename="request-${number}.zip"`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    };
    // Nobody would read what was sent, and its last piece would lock the package.
    if (request.method === "HEAD") return new Response(null, { headers });
    const { out, body } = openBody();
    const allowed = watchPermission(console, actor, assertMayDownload);
    const gone = new AbortController();
    out.on("error", () => {});
    out.once("close", () => out.writableFinished || gone.abort(new Error("The client went away.")));
    const signal = AbortSignal.any([allowed.signal, gone.signal, request.signal]);
    void sendPackage({ console, actor, auditTargets }, download, out, signal)
      .catch((thrown: unknown) => {
        out.destroy(thrown instanceof Error ? thrown : new Error("the download was stopped"));
        const left = gone.signal.aborted || request.signal.aborted;
        if (!left) logger().warn({ request: number, err: thrown }, "a download of a package broke off");
      })
      .finally(() => allowed.end());
    return new Response(body, { headers });
  } catch (thrown) {
    if (actor && number !== undefined) await recordRefused(actor, number, toAppError(thrown));
    return thrownProblem(thrown, { operation: "downloadPackage" });
  }

  async function recordRefused(by: Actor, refused: number, { code }: AppError): Promise<void> {
    if (code === "BAD_INPUT" || code === "UNAVAILABLE") return;
    const object = { type: "request", id: String(refused) };
    const told = { action: "request.download_package", outcome: "refused", object, facts: { code } } as const;
    await console.db
      .transaction((tx) => recordActivity(tx, { actor: by, ...told }, auditTargets))
      .catch((err: unknown) => logger().error({ err }, "a refusal could not be recorded"));
  }
}

/** @throws AppError UNAUTHENTICATED, FORBIDDEN */
function assertMayDownload(actor: Actor | null): asserts actor is Actor {
  assertCan(actor, "privacy_officer");
  if (!actor.person)
    throw new AppError("FORBIDDEN", "A person must do this: sign in, or use a token that a person made.");
  if (actor.targets)
    throw new AppError(
      "FORBIDDEN",
      "This token is for some targets alone; a package is of the whole console.",
    );
}

const logger = () => processLogger().child({ module: "packages" });
