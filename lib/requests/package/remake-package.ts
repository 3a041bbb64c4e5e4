import { z } from "zod";
import { AppError } from "../../errors.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { assertController } from "../controller-needed.ts";
import { moveRequest } from "../move-request.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { packageKind } from "./begin-package.ts";
import { findPackage } from "./find-package.ts";
import { packageJob } from "./package-job.ts";
import { purgePackage } from "./purge-package.ts";

/**
 * Makes a package again, of what there is now: its passphrase was lost, it was deleted, or others are to be shown in it. The
 * one before is deleted.
 */
export const remakePackage = defineAdminAction({
  name: "request.remake_package",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ request: requestNumber, reason: reasonInput }),
  answer: z.strictObject({ request: requestNumber }),
  object: ({ request }) => ({ type: "request", id: String(request) }),
  async run({ tx, actor, now, enqueue }, { request, reason }) {
    const row = await requireRequest(tx, request);
    packageKind(row);
    if (row.state !== "responding")
      throw new AppError("CONFLICT", `Request #${request} is ${row.state}; it needs to be responding.`);
    await assertController(tx, row);
    const old = await findPackage(tx, row);
    if (old) await purgePackage(tx, old, { why: "superseded", actor, now });
    const object = { type: "request", id: String(request) };
    const jobId = await enqueue(packageJob, { request: row.id }, { object });
    await withRequestPerson(tx, row, (_, key) =>
      moveRequest(tx, row, "rescan", { actor, now, set: { jobId }, typed: { key, text: reason } }),
    );
    return { data: { request }, jobId, object };
  },
});
